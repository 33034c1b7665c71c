"""Open cases that a new complaint may repeat, as far as the bot may tell of them.

What leaves here is nobody's: no words, no place, no name of who reported it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.timezone import localdate

from actions.like_cases import Asked, Repeat
from desk.cases.joining import cases_of
from desk.cases.models import OPEN_STATES, Case, Kind
from intake.repeats import Likeness, Report, most_alike

CANDIDATES = 300  # compared in a fifth of a second at worst
LOOKED_BACK = timedelta(days=60)
_KINDS = (Kind.COMPLAINT, Kind.HELP, Kind.SUGGESTION)


def likely_repeat(asked: Asked) -> Repeat | None:
    """The likeliest open case of the same issue; the citizen's own comes before others'."""
    own = list(_candidates(cases_of(asked.citizen), asked)) if asked.citizen else []
    keys = {case.pk for case in own}
    others = [
        case
        for case in _candidates(Case.objects.filter(confidential=False), asked)
        if case.pk not in keys
    ]
    new = Report(text=asked.text, place=asked.place, on=_day(asked.on), category=asked.category)
    for group, is_own in ((own, True), (others, False)):
        if found := _best(new, group):
            return _told(found, is_own=is_own)
    return None


def _candidates(rows: QuerySet[Case], asked: Asked) -> QuerySet[Case]:
    return (
        rows.filter(
            Q(kind__in=_KINDS),
            hotline=asked.hotline,
            state__in=OPEN_STATES,
            accepted_at__gte=timezone.now() - LOOKED_BACK,
        )
        .only("number", "content", "place", "category", "accepted_at", "state")
        .order_by("-id")[:CANDIDATES]
    )


def _best(new: Report, cases: Iterable[Case]) -> Case | None:
    found: list[tuple[Case, Likeness]] = list(
        most_alike(new, ((case, _report(case)) for case in cases), at_most=1)
    )
    return found[0][0] if found else None


def _report(case: Case) -> Report:
    return Report(
        text=case.content,
        place=case.place,
        on=localdate(case.accepted_at),
        category=case.category,
    )


def _told(case: Case, *, is_own: bool) -> Repeat:
    joined = Case.objects.filter(pk=case.pk).aggregate(n=Count("joined"))["n"]
    return Repeat(
        number=case.number,
        accepted_on=localdate(case.accepted_at).isoformat(),
        state=case.get_state_display(),
        category=case.category,
        people=1 + joined,
        is_own=is_own,
    )


def _day(value: str) -> date | None:
    return date.fromisoformat(value) if value else None
