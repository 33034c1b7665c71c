"""What a month counts: which cases are above and below the line of each rate, and for whom.

response      signed or answered within 1 working day / dispatched in the month
closure       answered and accepted in review by the month's end / due in the month
on time       the same, by the due time / due in the month
solution      solved / callbacks of the month that reached the citizen and have that answer
satisfaction  satisfied 4 or 5 / the same

A case counts for the lead department at the due time, from when that department got it; an
approved return does not count for who returned it. Merged cases count once, in the one they were
merged into; suspended ones are left out until resumed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from django.db.models import F, Q, QuerySet

from desk.cases.models import Callback, Case, State
from desk.people.models import PRACTICE
from desk.reports.months import Month

_LEFT_OUT = (State.MERGED, State.SUSPENDED)


class Rate(StrEnum):
    CLOSURE = "closure"
    RESPONSE = "response"
    SOLUTION = "solution"
    SATISFACTION = "satisfaction"
    ON_TIME = "on_time"


@dataclass(frozen=True)
class Rule:
    """A rate in terms of rows: which belong to it, and which of them are above the line."""

    is_above: Q
    answered: Q = field(default_factory=Q)  # for callbacks: have that answer


OF_CASES = {
    Rate.CLOSURE: Rule(Q(counted_approval_at__isnull=False)),
    Rate.ON_TIME: Rule(Q(counted_approval_at__lte=F("due_at"))),
}
OF_DISPATCHES = {
    Rate.RESPONSE: Rule(Q(counted_response_at__lte=F("counted_response_until"))),
}
OF_CALLBACKS = {
    Rate.SOLUTION: Rule(Q(solved=True), Q(solved__isnull=False)),
    Rate.SATISFACTION: Rule(Q(satisfied__gte=4), Q(satisfied__isnull=False)),
}


def due_in(month: Month) -> QuerySet[Case]:
    """24:00 of the last day belongs to the month."""
    return Case.objects.filter(due_at__gt=month.begins, due_at__lte=month.ends).exclude(
        state__in=_LEFT_OUT
    )


def dispatched_in(month: Month) -> QuerySet[Case]:
    """By when the department for which it counts got it."""
    return Case.objects.filter(
        counted_since__gte=month.begins, counted_since__lt=month.ends
    ).exclude(state__in=_LEFT_OUT)


def called_back_in(month: Month) -> QuerySet[Callback]:
    return (
        Callback.objects.filter(at__gte=month.begins, at__lt=month.ends, reached=True)
        .exclude(case__state__in=_LEFT_OUT)
        .exclude(case__hotline=PRACTICE)
    )


def behind(rate: Rate, month: Month, *, above: bool) -> QuerySet[Case]:
    """The cases behind a figure: above the line, or all below it."""
    if rate in OF_CALLBACKS:
        rule = OF_CALLBACKS[rate]
        calls = called_back_in(month).filter(rule.answered)
        calls = calls.filter(rule.is_above) if above else calls
        return Case.objects.filter(pk__in=calls.values("case"))
    rows = dispatched_in(month) if rate in OF_DISPATCHES else due_in(month)
    rule = (OF_DISPATCHES | OF_CASES)[rate]
    return rows.filter(rule.is_above) if above else rows
