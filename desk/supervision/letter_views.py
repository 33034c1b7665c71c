"""The letters that went to departments, and what became of each mail."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from desk.handling.models import LetterOpening
from desk.pages.typed import whole_number
from desk.people.models import Department
from desk.supervision.mailing import may_send_again, send_again
from desk.supervision.models import Letter, LetterKind, Post
from desk.supervision.views import supervisor
from desk.supervision.wording import about

SHOWN = 100
OPENINGS = 100
CASES = 200

# What the list is narrowed to, with its mood: a class of the style sheet.
WHICH = {
    "": (pgettext_lazy("letters", "all"), "", Q()),
    "waiting": (
        pgettext_lazy("letters", "waiting"),
        "",
        Q(post__in=[Post.WAITING, Post.SENDING]),
    ),
    "refused": (pgettext_lazy("letters", "not mailed"), "late", Q(post=Post.REFUSED)),
    "unknown": (pgettext_lazy("letters", "perhaps mailed"), "soon", Q(post=Post.UNKNOWN)),
    "desk": (
        pgettext_lazy("letters", "at the desk only"),
        "soon",
        Q(post__in=[Post.NO_ADDRESS, Post.NO_MAIL]),
    ),
    "unread": (pgettext_lazy("letters", "not opened"), "", Q(read_at__isnull=True)),
}
MOODS = {
    Post.SENT: "ok",
    Post.REFUSED: "late",
    Post.UNKNOWN: "soon",
    Post.NO_ADDRESS: "soon",
    Post.NO_MAIL: "soon",
}


@login_required
@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """The newest first."""
    supervisor(request)
    which = request.GET.get("which", "")
    which = which if which in WHICH else ""
    department, start = request.GET.get("department", ""), request.GET.get("start", "")
    key = whole_number(department, 8)
    first = whole_number(start, 6) or 0
    rows = _of(key)
    found = list(
        rows.filter(WHICH[which][2])
        .select_related("department", "user")
        .annotate(count=Count("cases"))
        .order_by("-id")[first : first + SHOWN + 1]
    )
    counted = rows.aggregate(**{f"n_{one}": Count("pk", filter=WHICH[one][2]) for one in WHICH})
    context: dict[str, Any] = {
        "place": "supervision",
        "facts": [
            (one, label, mood, counted[f"n_{one}"]) for one, (label, mood, _q) in WHICH.items()
        ],
        "which": which,
        "department": Department.objects.filter(pk=key).first() if key else None,
        "letters": [
            (one, MOODS.get(Post(one.post), ""), may_send_again(one)) for one in found[:SHOWN]
        ],
        "following": first + SHOWN if len(found) > SHOWN else None,
    }
    return render(request, "supervision/sent.html", context)


@login_required
@require_safe
def letter(request: HttpRequest, number: int) -> HttpResponse:
    """Its cases, and who opened it when."""
    supervisor(request)
    found = get_object_or_404(Letter.objects.select_related("department", "user"), pk=number)
    cases = found.cases.order_by("due_at", "pk")
    context = {
        "place": "supervision",
        "letter": found,
        "kind": LetterKind(found.kind).label,
        "mood": MOODS.get(Post(found.post), ""),
        "may_send_again": may_send_again(found),
        "cases": [(case, about(case)) for case in cases[:CASES]],
        "openings": LetterOpening.objects.filter(letter=found).select_related("user")[:OPENINGS],
    }
    return render(request, "supervision/sent_letter.html", context)


@login_required
@require_POST
def again(request: HttpRequest, number: int) -> HttpResponse:
    supervisor(request)
    found = get_object_or_404(Letter, pk=number)
    if send_again(found, at=timezone.now()):
        messages.success(request, _("The letter goes out again within a minute."))
    else:
        messages.error(request, _("This letter has gone out or is on its way: nothing to repeat."))
    back = request.POST.get("back", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = "supervision:letter-list"
    return redirect(back)


def _of(department: int | None) -> QuerySet[Letter]:
    rows = Letter.objects.all()
    return rows.filter(department=department) if department else rows
