"""What a department has in hand, by what is asked of it: to do, to sign for, waiting, answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Count, F, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from desk.cases.models import UNANSWERED, Case, State
from desk.handling.standing import badge
from desk.pages.times import Badge
from desk.supervision.models import Letter

SHOWN = 50  # rows of a page


class Tab(StrEnum):
    """As it stands in the address."""

    TO_DO = ""
    UNSIGNED = "unsigned"
    WAITING = "waiting"
    ANSWERED = "answered"
    HELPING = "helping"


LABELS: dict[Tab, str | Promise] = {
    Tab.TO_DO: pgettext_lazy("tab", "To do"),
    Tab.UNSIGNED: pgettext_lazy("tab", "To sign for"),
    Tab.WAITING: pgettext_lazy("tab", "Waiting for others"),
    Tab.ANSWERED: pgettext_lazy("tab", "Answered"),
    Tab.HELPING: pgettext_lazy("tab", "Helping with"),
}

_IN_HAND = (State.SIGNED, State.HANDLING)
_WAITS = (State.RETURN_ASKED, State.SUSPENDED, State.ANSWERED)
_OVER = (State.REVIEWED, State.CALLED_BACK, State.CLOSED)
_LEAD = {
    Tab.TO_DO: Q(state__in=_IN_HAND, extension_asked__isnull=True),
    Tab.UNSIGNED: Q(state=State.DISPATCHED),
    Tab.WAITING: Q(state__in=_WAITS) | Q(state__in=_IN_HAND, extension_asked__isnull=False),
    Tab.ANSWERED: Q(state__in=_OVER),
}


@dataclass(frozen=True)
class Counted:
    tab: Tab
    label: str | Promise
    count: int


@dataclass(frozen=True)
class Row:
    case: Case
    badge: Badge
    is_copied_to_leader: bool
    at_place: int  # of the department's unanswered cases at the same place, with this one


def tab_of(case: Case, department: int) -> Tab:
    """Where a case stands now that this department has opened it."""
    if case.department_id != department:
        return Tab.HELPING
    if case.state in _OVER:
        return Tab.ANSWERED
    if case.state in _WAITS or (case.state in _IN_HAND and case.extension_asked):
        return Tab.WAITING
    return Tab.UNSIGNED if case.state == State.DISPATCHED else Tab.TO_DO


def counted(department: int) -> list[Counted]:
    """The tabs with their counts; helping only for who helps."""
    found = Case.objects.filter(department=department).aggregate(
        **{f"n_{tab}": Count("pk", filter=which) for tab, which in _LEAD.items()}
    )
    helping = _helping(department).count()
    tabs = [Counted(tab, LABELS[tab], found[f"n_{tab}"]) for tab in _LEAD]
    return [*tabs, Counted(Tab.HELPING, LABELS[Tab.HELPING], helping)] if helping else tabs


def cases(department: int, tab: Tab) -> QuerySet[Case]:
    """The most urgent first; what is over, the newest."""
    if tab is Tab.HELPING:
        return _helping(department).order_by(F("due_at").asc(nulls_last=True), "pk")
    rows = Case.objects.filter(_LEAD[tab], department=department)
    if tab is Tab.ANSWERED:
        return rows.order_by(F("answered_at").desc(nulls_last=True), "-pk")
    return rows.order_by(F("due_at").asc(nulls_last=True), "pk")


def rows_of(found: Iterable[Case], department: int, now: datetime) -> list[Row]:
    """Two queries for all of them."""
    found = list(found)
    copied = set(
        Letter.objects.filter(
            cases__in=[case.pk for case in found], department=department, to_leader=True
        ).values_list("cases", flat=True)
    )
    places = {case.place for case in found if case.place}
    there = Counter(
        Case.objects.filter(
            department=department, state__in=UNANSWERED, place__in=places
        ).values_list("place", flat=True)
        if places
        else ()
    )
    return [Row(case, badge(case, now), case.pk in copied, there[case.place]) for case in found]


def _helping(department: int) -> QuerySet[Case]:
    return Case.objects.filter(
        co_departments=department, state__in=(*UNANSWERED, State.SUSPENDED, State.ANSWERED)
    ).exclude(department=department)
