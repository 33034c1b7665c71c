"""A letter for what was dispatched, so that a department without an account hears of it.

Written a little later than the dispatch and not inside it: a hundred cases for one department in
one minute are one letter, and no dispatch waits for another one's.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from desk.cases.models import UNANSWERED, Case
from desk.supervision.letters import write
from desk.supervision.models import Letter, LetterKind

RECENT = timedelta(days=2)  # what was dispatched before is told by other letters by now
BATCH = 500


def tell_of_dispatches(at: datetime) -> int:
    """Write to each department of what it got and has not been told of; how many cases.

    Safe to repeat. Also after a case was reassigned or is to be done again.
    """
    minute = at.replace(second=0, microsecond=0)
    keys = list(_untold(at).values_list("pk", flat=True)[:BATCH])
    if not keys:
        return 0
    with transaction.atomic():
        # Another worker may have told of them while we waited for the rows.
        _locked(keys)
        cases = list(_untold(at).filter(pk__in=keys).select_related("department"))
        write(((case, LetterKind.DISPATCH, minute) for case in cases), written_at=at)
    return len(cases)


def _untold(at: datetime) -> QuerySet[Case]:
    told = Letter.cases.through.objects.filter(
        case=OuterRef("pk"),
        letter__kind=LetterKind.DISPATCH,
        letter__department=OuterRef("department"),
        letter__written_at__gte=OuterRef("sent_at"),
    )
    return Case.objects.filter(
        ~Exists(told),
        sent_at__gt=at - RECENT,
        sent_at__lt=at.replace(second=0, microsecond=0),  # a minute is one letter
        department__isnull=False,
        state__in=UNANSWERED,
    ).order_by("pk")


def _locked(keys: Sequence[int]) -> None:
    rows = Case.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    list(rows.values_list("pk", flat=True))
