"""The calendar of working days on a page: what is known of a year, and entering one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from desk.cases.actors import Actor
from desk.cases.models import OPEN_STATES, Case
from desk.people.doors import holder
from desk.people.models import User
from desk.people.rights import Right
from desk.supervision.recounting import count_again
from desk.workdays.calendar import SHIPPED, Calendar, current
from desk.workdays.entering import enter_year, forget_day, read_days, set_day
from desk.workdays.errors import BadCalendar
from desk.workdays.models import PublishedYear, SpecialDay


@dataclass(frozen=True)
class Moved:
    """A day that is not what its weekday says."""

    day: date
    is_working: bool
    name: str
    is_entered: bool


@login_required
@require_safe
def year(request: HttpRequest) -> HttpResponse:
    user = _supervisor(request)
    return _show(request, user, _year(request.GET.get("year", "")))


@login_required
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """A year in full, as its notice has it."""
    user, asked = _supervisor(request), _year(request.POST.get("year", ""))
    off, working = request.POST.get("off", ""), request.POST.get("working", "")
    notice = request.POST.get("notice", "")
    try:
        days = read_days(off, is_working=False) + read_days(working, is_working=True)
        enter_year(asked, notice, days, by=user, at=timezone.now())
    except BadCalendar as error:
        typed = {"off": off, "working": working, "notice": notice, "fault": str(error)}
        return _show(request, user, asked, status=422, **typed)
    _tell(request, user)
    return _back(asked)


@login_required
@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """One day, or back to what the notice says."""
    user = _supervisor(request)
    try:
        day = date.fromisoformat(request.POST.get("day", ""))
    except ValueError:
        messages.error(request, _("Which day?"))
        return _back(localdate().year)
    if "forget" in request.POST:
        forget_day(day)
    else:
        is_working = request.POST.get("is_working") == "yes"
        name = request.POST.get("name", "")
        set_day(day, is_working=is_working, name=name, by=user, at=timezone.now())
    _tell(request, user)
    return _back(day.year)


def _show(
    request: HttpRequest, user: User, asked: int, status: int = 200, **typed: Any
) -> HttpResponse:
    calendar, this_year = current(), localdate().year
    unfirm = Case.objects.filter(due_is_firm=False, state__in=OPEN_STATES).count()
    context = {
        "place": "supervision",
        "year": asked,
        "years": range(this_year - 1, SHIPPED.stop + 3),
        "is_published": calendar.is_published(asked),
        "is_shipped": asked in SHIPPED,
        "may_enter": asked >= SHIPPED.stop,
        "entered": PublishedYear.objects.filter(year=asked).select_related("by").first(),
        "moved": list(_moved(asked, calendar)),
        "unfirm": unfirm,
        **typed,
    }
    return render(request, "workdays/year.html", context, status=status)


def _moved(asked: int, calendar: Calendar) -> Iterator[Moved]:
    names = dict(SpecialDay.objects.filter(day__year=asked).values_list("day", "name"))
    day = date(asked, 1, 1)
    while day.year == asked:
        is_working = calendar.is_working_day(day)
        if is_working != (day.weekday() < 5) or day in names:
            yield Moved(day, is_working, names.get(day, ""), day in names)
        day += timedelta(days=1)


def _tell(request: HttpRequest, user: User) -> None:
    moved = count_again(Actor.of(user), timezone.now())
    messages.success(
        request,
        _("The calendar is kept.")
        + (
            ngettext("%d limit has moved.", "%d limits have moved.", moved) % moved if moved else ""
        ),
    )


def _back(asked: int) -> HttpResponse:
    return redirect(f"/workdays/?year={asked}")


def _supervisor(request: HttpRequest) -> User:
    return holder(request, Right.SUPERVISE)


def _year(words: str) -> int:
    asked = int(words) if words.isdecimal() and len(words) == 4 else localdate().year
    return min(max(asked, SHIPPED.start), SHIPPED.stop + 4)
