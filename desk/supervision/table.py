"""The big table: every case that a department owes an answer for, grouped, sorted and counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.db.models import Count, F, Max, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from desk.cases.deadlines import end_of
from desk.cases.models import UNANSWERED, Case, CaseEvent
from desk.cases.moments import day_of
from desk.people.models import Department, User
from desk.people.rights import of_own_hotlines

SHOWN = 100  # rows of a page
OF_EACH = (2, 8)  # rows of a department among all: the fewer, the more departments there are


class Sort(StrEnum):
    DEPARTMENT = "department"
    DUE = "due"
    PUSHES = "pushes"
    PLACE = "place"


class Which(StrEnum):
    """A fact above the table, and what it narrows the table to."""

    ALL = ""
    LATE = "late"
    TODAY = "today"
    CHASED = "chased"
    SUPERVISED = "supervised"
    RETURNS = "returns"
    EXTENSIONS = "extensions"


FACTS: tuple[tuple[Which, str | Promise, str], ...] = (
    (Which.ALL, pgettext_lazy("fact", "unanswered"), ""),
    (Which.LATE, pgettext_lazy("fact", "overdue"), "late"),
    (Which.TODAY, pgettext_lazy("fact", "due today"), "soon"),
    (Which.CHASED, pgettext_lazy("fact", "chased without an answer"), ""),
    (Which.SUPERVISED, pgettext_lazy("fact", "under supervision"), "late"),
    (Which.RETURNS, pgettext_lazy("fact", "returns to rule on"), "soon"),
    (Which.EXTENSIONS, pgettext_lazy("fact", "extensions to rule on"), "soon"),
)
SORTS: tuple[tuple[Sort, str | Promise], ...] = (
    (Sort.DEPARTMENT, pgettext_lazy("sorted", "by department")),
    (Sort.DUE, pgettext_lazy("sorted", "by limit")),
    (Sort.PUSHES, pgettext_lazy("sorted", "by pushes")),
    (Sort.PLACE, pgettext_lazy("sorted", "by place")),
)


@dataclass(frozen=True)
class Asked:
    which: Which = Which.ALL
    sort: Sort = Sort.DEPARTMENT
    department: int | None = None
    hotline: str = ""
    start: int = 0  # row of the first one shown


@dataclass
class Group:
    """A department, its counts, and those of its cases that are shown."""

    department: Department | None
    unanswered: int = 0
    late: int = 0
    chased: int = 0
    cases: list[Case] = field(default_factory=list)

    @property
    def hidden(self) -> int:
        return self.unanswered - len(self.cases)


@dataclass(frozen=True)
class Fact:
    which: Which
    label: str | Promise
    mood: str
    count: int


def unanswered(user: User, asked: Asked, now: datetime) -> QuerySet[Case]:
    rows = of_own_hotlines(Case.objects.filter(state__in=UNANSWERED), user)
    if asked.hotline:
        rows = rows.filter(hotline=asked.hotline)
    if asked.department is not None:
        rows = rows.filter(department=asked.department)
    return rows.filter(_which(asked.which, now))


def facts(user: User, asked: Asked, now: datetime) -> list[Fact]:
    """Of the hotline that is looked at; one query."""
    rows = unanswered(user, Asked(hotline=asked.hotline), now)
    counted = rows.order_by().aggregate(
        **{f"n_{which}": Count("pk", filter=_which(which, now)) for which, *_rest in FACTS}
    )
    return [Fact(which, label, mood, counted[f"n_{which}"]) for which, label, mood in FACTS]


def groups(user: User, asked: Asked, now: datetime) -> list[Group]:
    """By department, who is latest first; of each the most urgent cases."""
    rows = unanswered(user, asked, now)
    counted = (
        rows.order_by()
        .values("department")
        .annotate(
            n=Count("*"),
            n_late=Count("pk", filter=_which(Which.LATE, now)),
            n_chased=Count("pk", filter=_which(Which.CHASED, now)),
        )
        .order_by("-n_late", "-n", "department")
    )
    found: dict[int | None, Group] = {
        row["department"]: Group(None, row["n"], row["n_late"], row["n_chased"]) for row in counted
    }
    departments = Department.objects.in_bulk([key for key in found if key is not None])
    for key, group in found.items():
        group.department = departments.get(key)
    rank = Window(RowNumber(), partition_by=[F("department")], order_by=[F("due_at"), F("pk")])
    each = SHOWN if asked.department is not None else _of_each(len(found))
    ranked = rows.order_by().annotate(rank=rank).filter(rank__lte=each)
    # Asked for by themselves: the database cannot guess how few they are.
    keys = list(ranked.values_list("pk", flat=True))
    for case in with_last_steps(_shown(Case.objects.filter(pk__in=keys)).order_by("due_at", "pk")):
        if case.department_id in found:
            found[case.department_id].cases.append(case)
    return list(found.values())


def _of_each(departments: int) -> int:
    least, most = OF_EACH
    return max(least, min(most, SHOWN // max(departments, 1)))


def page(user: User, asked: Asked, now: datetime) -> tuple[list[Case], bool]:
    """Rows in one order over all departments, and whether more follow."""
    order = {
        Sort.DUE: ("due_at", "pk"),
        Sort.PUSHES: ("-pushes", "due_at", "pk"),
        Sort.PLACE: ("place", "due_at", "pk"),
    }.get(asked.sort, ("due_at", "pk"))
    # Sorted by what the index holds; only the rows that are shown are fetched.
    rows = unanswered(user, asked, now).order_by(*order)
    keys = list(rows.values_list("pk", flat=True)[asked.start : asked.start + SHOWN + 1])
    found = _shown(Case.objects.filter(pk__in=keys[:SHOWN])).order_by(*order)
    return with_last_steps(found), len(keys) > SHOWN


def with_last_steps(cases: Iterable[Case]) -> list[Case]:
    """Each case with `last`, the newest line of its history: two queries for all."""
    cases = list(cases)
    newest = (
        CaseEvent.objects.filter(case__in=[case.pk for case in cases])
        .order_by()
        .values("case")
        .annotate(newest=Max("pk"))
        .values_list("newest", flat=True)
    )
    events = CaseEvent.objects.filter(pk__in=list(newest)).select_related("user")
    last = {event.case_id: event for event in events}
    for case in cases:
        case.last = last.get(case.pk)  # type: ignore[attr-defined]
    return cases


def export_rows(user: User, asked: Asked, now: datetime, most: int) -> Sequence[Case]:
    rows = _shown(unanswered(user, asked, now))
    return list(rows.order_by("department__name", "due_at", "pk")[:most])


def _shown(rows: QuerySet[Case]) -> QuerySet[Case]:
    return rows.select_related("department", "hotline", "citizen")


def _which(which: Which, now: datetime) -> Q:
    today = day_of(now)
    return {
        Which.ALL: Q(),
        Which.LATE: Q(due_at__lt=now),
        # 24:00 of today is today.
        Which.TODAY: Q(due_at__gte=now, due_at__lte=end_of(today)),
        Which.CHASED: Q(chases__gt=0) | Q(pushes__gt=0),
        Which.SUPERVISED: Q(is_supervised=True),
        Which.RETURNS: Q(state="return_asked"),
        Which.EXTENSIONS: Q(extension_asked__isnull=False),
    }[which]
