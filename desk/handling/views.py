"""The handler's desk: what is asked of the department, and one case beside it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from desk.cases.actors import Actor
from desk.cases.models import Case
from desk.cases.reading import of_department
from desk.cases.step_forms import FORMS
from desk.conversations.sent_files import AT_ONCE, LARGEST, OFFERED
from desk.handling import tabs
from desk.handling.acting import Fault, take_step, typed_in
from desk.handling.dossier import dossier
from desk.handling.openings import unread
from desk.handling.tabs import Tab
from desk.handling.ways import ByDesk
from desk.live_updates.hub import newest_event
from desk.pages.typed import whole_number
from desk.people.doors import holder
from desk.people.models import Department, User
from desk.people.rights import Right


def handler(request: HttpRequest) -> tuple[User, Department | None]:
    """The user, and the department whose cases they handle."""
    user = holder(request, Right.HANDLE)
    return user, user.department


def case_of(department: Department | None, number: str) -> Case:
    """Not yours and not there answer alike."""
    found = None
    if department is not None:
        found = of_department(department.pk).filter(number=number).first()
    if found is None:
        raise Http404
    return found


@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    user, department = handler(request)
    if department is None:
        return render(request, "handling/nobody.html", {"place": "handling"})
    return _show(request, user, department, None)


@login_required
@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    user, department = handler(request)
    found = case_of(department, number)
    assert department is not None
    return _show(request, user, department, found)


@login_required
@require_POST
def step(request: HttpRequest, number: str, step: str) -> HttpResponse:
    user, department = handler(request)
    found = case_of(department, number)
    assert department is not None
    fault = take_step(request, found, step, Actor.of(user), timezone.now())
    if fault is not None:
        if request.headers.get("HX-Request"):
            context = {"fault": fault.words, "legal": fault.legal}
            return render(request, "cases/step_fault.html", context)
        return _show(request, user, department, found, fault=fault, step=step)
    messages.success(request, _("Done: %s") % FORMS[step].label)
    address = reverse("handling:case", args=[number])
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


def _show(
    request: HttpRequest,
    user: User,
    department: Department,
    found: Case | None,
    *,
    fault: Fault | None = None,
    step: str = "",
) -> HttpResponse:
    """The list, with a case beside it: the one that is asked for, else the first."""
    after, now = newest_event(), timezone.now()
    tab = _tab(request, found, department)
    first = _start(request)
    listed = list(tabs.cases(department.pk, tab)[first : first + tabs.SHOWN + 1])
    rows = tabs.rows_of(listed[: tabs.SHOWN], department.pk, now)
    opened = found or (case_of(department, rows[0].case.number) if rows else None)
    context: dict[str, Any] = {
        "place": "handling",
        "after": after,
        "department": department,
        "tab": tab,
        "tabs": tabs.counted(department.pk),
        "rows": rows,
        "following": first + tabs.SHOWN if len(listed) > tabs.SHOWN else None,
        "start": first,
        "is_open": found is not None,
        "unread": unread(department.pk),
        "attaching": {"offered": OFFERED, "most": AT_ONCE, "largest": LARGEST},
        "fault": fault,
        "now": now,
    }
    if opened is not None:
        context["file"] = dossier(
            opened,
            Actor.of(user),
            ByDesk(),
            now,
            step=step,
            typed=typed_in(request, step) if fault else None,
        )
    return render(request, "handling/desk.html", context, status=fault.status if fault else 200)


def _tab(request: HttpRequest, found: Case | None, department: Department) -> Tab:
    asked = request.GET.get("tab")
    if asked is not None and asked in set(Tab):
        return Tab(asked)
    return tabs.tab_of(found, department.pk) if found is not None else Tab.TO_DO


def _start(request: HttpRequest) -> int:
    start = request.GET.get("start", "")
    return whole_number(start, 6) or 0
