"""The letters that a department has received, at its desk."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from desk.handling.letters import read_letter
from desk.handling.openings import opened_at_desk
from desk.handling.views import handler
from desk.handling.ways import ByDesk
from desk.pages.typed import whole_number
from desk.supervision.models import Letter

SHOWN = 50


@login_required
@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """The newest first."""
    _user, department = handler(request)
    if department is None:
        return redirect("handling:desk")
    start = request.GET.get("start", "")
    first = whole_number(start, 6) or 0
    rows = Letter.objects.filter(department=department).annotate(count=Count("cases"))
    found = list(rows.order_by("-id")[first : first + SHOWN + 1])
    context = {
        "place": "handling",
        "department": department,
        "letters": found[:SHOWN],
        "following": first + SHOWN if len(found) > SHOWN else None,
    }
    return render(request, "handling/letters.html", context)


@login_required
@require_safe
def letter(request: HttpRequest, number: int) -> HttpResponse:
    user, department = handler(request)
    if department is None:
        return redirect("handling:desk")
    found = get_object_or_404(
        Letter.objects.select_related("department"), pk=number, department=department
    )
    now = timezone.now()
    context = {
        "place": "handling",
        "department": department,
        "letter": found,
        "said": read_letter(found, ByDesk(), now),
    }
    opened_at_desk(found, user, at=now)
    return render(request, "handling/letter.html", context)
