"""The big table and the letters that go out from it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from desk.cases.errors import BadBody
from desk.cases.models import UNANSWERED, Case
from desk.conversations.views import own_hotlines
from desk.pages.typed import whole_number
from desk.people.doors import holder
from desk.people.models import Department, User
from desk.people.rights import Right, of_own_hotlines
from desk.supervision import table
from desk.supervision.callbacks import count_due
from desk.supervision.exporting import as_xlsx
from desk.supervision.letters import MOST, chase_by_hand
from desk.supervision.models import LetterKind
from desk.supervision.table import Asked, Sort, Which
from desk.supervision.wording import words
from desk.webhooks.standing import cut_off


def supervisor(request: HttpRequest) -> User:
    return holder(request, Right.SUPERVISE)


@login_required
@require_safe
def big_table(request: HttpRequest) -> HttpResponse:
    user, now = supervisor(request), timezone.now()
    asked = asked_by(request)
    context: dict[str, Any] = {
        "place": "supervision",
        "asked": asked,
        "facts": table.facts(user, asked, now),
        "to_call_back": count_due(user),
        "sorts": table.SORTS,
        "hotlines": own_hotlines(user),
        "department": Department.objects.filter(pk=asked.department).first()
        if asked.department
        else None,
        "most": MOST,
        "cut_off": cut_off()[:5],
    }
    if asked.sort is Sort.DEPARTMENT:
        context["groups"] = table.groups(user, asked, now)
    else:
        context["cases"], has_more = table.page(user, asked, now)
        context["following"] = asked.start + table.SHOWN if has_more else None
    return render(request, "supervision/table.html", context)


def asked_by(request: HttpRequest) -> Asked:
    """What the address asks for; what it gets wrong is not asked."""
    which, sort = request.GET.get("which", ""), request.GET.get("sort", "")
    department, start = request.GET.get("department", ""), request.GET.get("start", "")
    return Asked(
        which=Which(which) if which in set(Which) else Which.ALL,
        sort=Sort(sort) if sort in set(Sort) else Sort.DEPARTMENT,
        department=whole_number(department, 8),
        hotline=request.GET.get("hotline", "")[:20],
        start=whole_number(start, 6) or 0,
    )


@login_required
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """The letters that the picked cases would make: one for each department."""
    user, now = supervisor(request), timezone.now()
    added = request.POST.get("text", "").strip()
    letters = []
    for department, cases in _picked(request, user).items():
        letters.append((department, words(department, LetterKind.CHASE, cases, now, added)))
    context = {"letters": letters, "count": sum(len(said.lines) for _one, said in letters)}
    return render(request, "supervision/letters.html", context)


@login_required
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Chase all that is picked, at once or not at all."""
    user = supervisor(request)
    numbers = request.POST.getlist("number")
    try:
        letters = chase_by_hand(
            numbers,
            request.POST.get("text", "").strip() or _("Please answer as soon as you can."),
            user,
            at=timezone.now(),
            to_leader=request.POST.get("to_leader") == "yes",
        )
    except BadBody as error:
        messages.error(request, str(error))
        return redirect(request.POST.get("back") or "supervision:table")
    messages.success(
        request,
        _("%(cases)d cases chased with %(letters)s.")
        % {
            "cases": len(set(numbers)),
            "letters": ngettext("%d letter", "%d letters", len(letters)) % len(letters),
        },
    )
    return redirect("supervision:table")


@login_required
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The table as it is narrowed now, as a spreadsheet."""
    user, now = supervisor(request), timezone.now()
    response = HttpResponse(
        as_xlsx(user, asked_by(request), now),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    name = f"unanswered-{timezone.localtime(now):%Y%m%d-%H%M}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _picked(request: HttpRequest, user: User) -> dict[Department, list[Case]]:
    rows = of_own_hotlines(Case.objects.filter(state__in=UNANSWERED), user)
    found: dict[Department, list[Case]] = {}
    picked = rows.filter(number__in=request.POST.getlist("number")[:MOST])
    for case in picked.select_related("department").order_by("due_at"):
        if case.department is not None:
            found.setdefault(case.department, []).append(case)
    return found
