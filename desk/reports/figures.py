"""The rates of a month, grouped by department, hotline or category. Three queries, one for what is
due, one for what was dispatched, one for what citizens said when they were called back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet

from desk.cases.models import Case, CaseEvent, State
from desk.people.models import Department, Hotline
from desk.reports.counting import (
    OF_CALLBACKS,
    OF_CASES,
    OF_DISPATCHES,
    Rate,
    called_back_in,
    dispatched_in,
    due_in,
)
from desk.reports.months import Month

# What a case is grouped by: the column of the case.
GROUPS = {"department": "counted_for", "hotline": "hotline", "category": "category"}


@dataclass
class Share:
    """n of d. A share of nothing is no number."""

    n: int = 0
    d: int = 0

    @property
    def percent(self) -> float | None:
        return round(100 * self.n / self.d, 1) if self.d else None

    def __add__(self, other: Share) -> Share:
        return Share(self.n + other.n, self.d + other.d)


@dataclass
class Row:
    key: str  # id of the department, code of the hotline, name of the category; "": none
    name: str
    shares: dict[Rate, Share] = field(default_factory=lambda: {rate: Share() for rate in Rate})
    merged: int = 0  # cases that were merged into counted ones
    returns: int = 0  # sent back by the department in the month

    def __getitem__(self, rate: str) -> Share:
        return self.shares[Rate(rate)]


@dataclass(frozen=True)
class Scope:
    """What a report is narrowed to."""

    hotlines: frozenset[str] | None = None  # None: all
    department: int | None = None
    category: str = ""

    def of_cases(self, prefix: str = "") -> Q:
        asked = Q()
        if self.hotlines is not None:
            asked &= Q(**{f"{prefix}hotline__in": self.hotlines})
        if self.department is not None:
            asked &= Q(**{f"{prefix}counted_for": self.department})
        if self.category:
            asked &= Q(**{f"{prefix}category": self.category})
        return asked


EVERYTHING = Scope()


def figures(month: Month, group: str, scope: Scope = EVERYTHING) -> list[Row]:
    """One row a department (hotline, category) that the month has something of, by name."""
    column = GROUPS[group]
    rows: dict[str, Row] = {}
    due = due_in(month).filter(scope.of_cases())
    _add(
        rows, due, column, "due_at", {rate: (Q(), rule.is_above) for rate, rule in OF_CASES.items()}
    )
    sent = dispatched_in(month).filter(scope.of_cases())
    _add(
        rows,
        sent,
        column,
        "counted_since",
        {rate: (Q(), rule.is_above) for rate, rule in OF_DISPATCHES.items()},
    )
    calls = called_back_in(month).filter(scope.of_cases("case__"))
    answered = {
        rate: (rule.answered, rule.answered & rule.is_above) for rate, rule in OF_CALLBACKS.items()
    }
    _add(rows, calls, f"case__{column}", "at", answered)
    _add_merged(rows, month, column, scope)
    if group == "department":
        _add_returns(rows, month, scope)
    _name(rows, group)
    return sorted(rows.values(), key=lambda row: (not row.key, row.name))


def due_by_category(month: Month, scope: Scope, most: int) -> list[tuple[str, int]]:
    """What the month's due cases are about, the commonest first."""
    counted = (
        due_in(month)
        .filter(scope.of_cases())
        .order_by()
        .values_list("category")
        .annotate(n=Count("due_at"))
        .order_by("-n", "category")
    )
    return list(counted[:most])


def total(rows: Iterable[Row], name: str) -> Row:
    whole = Row("", name)
    for row in rows:
        for rate in Rate:
            whole.shares[rate] = whole.shares[rate] + row.shares[rate]
        whole.merged += row.merged
        whole.returns += row.returns
    return whole


def _add(
    rows: dict[str, Row],
    found: QuerySet[Any],
    column: str,
    counted: str,
    asked: Mapping[Rate, tuple[Q, Q]],
) -> None:
    """`counted` is a column that is never empty there, and in the index that is read."""
    counts = {f"{rate}_d": Count(counted, filter=below) for rate, (below, _above) in asked.items()}
    counts |= {f"{rate}_n": Count(counted, filter=above) for rate, (_below, above) in asked.items()}
    for group in found.order_by().values(column).annotate(**counts):
        row = _row(rows, group[column])
        for rate in asked:
            row.shares[rate] = Share(group[f"{rate}_n"], group[f"{rate}_d"])


def _row(rows: dict[str, Row], value: Any) -> Row:
    key = str(value or "")
    return rows.setdefault(key, Row(key, ""))


def _add_merged(rows: dict[str, Row], month: Month, column: str, scope: Scope) -> None:
    merged = (
        Case.objects.filter(
            state=State.MERGED,
            merged_into__due_at__gt=month.begins,
            merged_into__due_at__lte=month.ends,
        )
        .filter(scope.of_cases("merged_into__"))
        .order_by()
        .values(f"merged_into__{column}")
        .annotate(n=Count("*"))
    )
    for counted in merged:
        _row(rows, counted[f"merged_into__{column}"]).merged = counted["n"]


def _add_returns(rows: dict[str, Row], month: Month, scope: Scope) -> None:
    """Counted for who asked, whoever has the case now."""
    found = CaseEvent.objects.filter(kind="return", at__gte=month.begins, at__lt=month.ends)
    if scope.hotlines is not None:
        found = found.filter(case__hotline__in=scope.hotlines)
    by_name: dict[str, int] = defaultdict(int)
    for data in found.values_list("data", flat=True).iterator():
        by_name[data.get("department", "")] += 1
    for pk, name in Department.objects.filter(name__in=by_name).values_list("pk", "name"):
        if scope.department in (None, pk):
            _row(rows, pk).returns = by_name[name]


def _name(rows: dict[str, Row], group: str) -> None:
    if group == "category":
        for row in rows.values():
            row.name = row.key
        return
    names: dict[Any, str]
    if group == "department":
        names = dict(Department.objects.values_list("pk", "name"))
    else:
        names = {one.code: str(one) for one in Hotline.objects.all()}
    for row in rows.values():
        row.name = names.get(int(row.key) if group == "department" and row.key else row.key, "")
