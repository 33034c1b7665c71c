"""Months beside each other, and what citizens suddenly speak of more.

The months are kept as they were counted: the running one and the one before every hour, older ones
each night, because a case that is merged or resumed late changes what they count.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q

from desk.cases.models import Case, State
from desk.reports.counting import Rate
from desk.reports.figures import GROUPS, Row, Scope, Share, figures, total
from desk.reports.models import MonthFigures
from desk.reports.months import Month, month_of

MONTHS = 12
RECENT, OLD = timedelta(hours=1), timedelta(days=1)  # how old kept figures may be
RISE_DAYS = 7
COMPARED_WEEKS = 4
LEAST = 5  # reports of a week: fewer are no rise
TIMES = 2.0  # the weekly mean


def keep(month: Month, at: datetime) -> None:
    """Count a month anew and keep it."""
    found = []
    for group in GROUPS:
        rows = figures(month, group)
        whole = [total(rows, "")] if group == "hotline" else []
        for row in [*[row for row in rows if row.key], *whole]:
            shares = {str(rate): [row[rate].n, row[rate].d] for rate in Rate}
            found.append(
                MonthFigures(
                    month=month.first, group=group, key=row.key[:60], shares=shares, counted_at=at
                )
            )
    with transaction.atomic():
        MonthFigures.objects.filter(month=month.first).delete()
        MonthFigures.objects.bulk_create(found)


def keep_due(at: datetime) -> None:
    """Count what is kept for too long: the running month and the one before after an hour, older
    ones after a day. With several workers one of them finds it done."""
    now = month_of(at)
    kept = dict(
        MonthFigures.objects.filter(group="hotline", key="")
        .order_by()
        .values_list("month", "counted_at")
    )
    for back in range(MONTHS, -1, -1):
        month = now.plus(-back)
        counted = kept.get(month.first)
        if counted is None or at - counted >= (RECENT if back < 2 else OLD):
            keep(month, at)


def trend(
    group: str, until: Month, keys: Iterable[str] | None = None
) -> dict[str, dict[Month, dict[Rate, Share]]]:
    """{key: {month: {rate: share}}} of the twelve months up to one; of some keys, or all."""
    rows = MonthFigures.objects.filter(
        group=group, month__gt=until.plus(-MONTHS).first, month__lte=until.first
    )
    if keys is not None:
        rows = rows.filter(key__in=list(keys))
    found: dict[str, dict[Month, dict[Rate, Share]]] = {}
    for one, first, kept in rows.values_list("key", "month", "shares"):
        shares = {Rate(rate): Share(n, d) for rate, (n, d) in kept.items()}
        found.setdefault(one, {})[Month(first.year, first.month)] = shares
    return found


def kept_total(month: Month, hotlines: frozenset[str] | None) -> Row | None:
    """The month as it was counted last, of some lines or of all; None when it never was."""
    rows = MonthFigures.objects.filter(group="hotline", month=month.first)
    rows = rows.filter(key="") if hotlines is None else rows.filter(key__in=hotlines)
    found = list(rows)
    if not found:
        return None
    whole = Row("", "")
    for row in found:
        for rate, (n, d) in row.shares.items():
            whole.shares[Rate(rate)] += Share(n, d)
    return whole


@dataclass(frozen=True)
class Rise:
    category: str
    count: int  # in the last seven days
    usual: float  # a week, in the four weeks before


def rises(now: datetime, scope: Scope) -> list[Rise]:
    """Categories of which far more is reported than usual, the strongest first."""
    since = now - timedelta(days=RISE_DAYS)
    start = since - timedelta(weeks=COMPARED_WEEKS)
    counted = (
        Case.objects.filter(scope.of_cases(), accepted_at__gte=start, accepted_at__lte=now)
        .exclude(category="")
        .exclude(state=State.MERGED)
        .order_by()
        .values("category")
        .annotate(
            recent=Count("accepted_at", filter=Q(accepted_at__gte=since)),
            before=Count("accepted_at", filter=Q(accepted_at__lt=since)),
        )
    )
    found = [
        Rise(row["category"], row["recent"], row["before"] / COMPARED_WEEKS)
        for row in counted
        if row["recent"] >= LEAST and row["recent"] >= TIMES * row["before"] / COMPARED_WEEKS
    ]
    return sorted(found, key=lambda rise: rise.usual / rise.count)
