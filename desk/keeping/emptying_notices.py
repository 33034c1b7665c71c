"""Takes the words out of what citizens were told of their cases; that they were told stays."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from desk.keeping.words import removed
from desk.telling.models import GOING_ON, Asking, AskingState, Notice, NoticeState


def empty_notices(cases: Sequence[int], citizens: Sequence[int] = ()) -> int:
    """Inside the caller's transaction. Twice is once.

    Of these cases, and to these citizens of whichever case; what has not gone out yet never does.
    """
    these = Q(case__in=cases) | Q(citizen__in=citizens)
    Asking.objects.filter(these, state__in=GOING_ON).update(state=AskingState.MISSED)
    rows = Notice.objects.filter(these)
    waiting = [NoticeState.PENDING, NoticeState.WAITS_FOR_CONTACT]
    rows.filter(state__in=waiting).update(state=NoticeState.SUPERSEDED)
    return rows.exclude(words=removed()).update(words=removed(), files=[])
