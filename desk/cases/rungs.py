"""What supervision has done for a deadline, by name: each of it happens once."""

from __future__ import annotations

from datetime import datetime

from desk.cases.models import Case, CaseEvent
from desk.cases.moments import SHANGHAI

CHASES = ("first_chase", "second_chase")
RUNGS = ("reminder", *CHASES, "supervision")


def key_of(rung: str, due: datetime) -> str:
    """Of the event, which no case has twice."""
    return f"{rung} {due.astimezone(SHANGHAI).isoformat(timespec='seconds')}"


def climbed(case: Case, due: datetime) -> list[str]:
    """The rungs that stand in the case's history for this deadline already: a case that is
    suspended and resumed, or counted again with a mended calendar, may come back to it."""
    names = {key_of(rung, due): rung for rung in RUNGS}
    events = CaseEvent.objects.filter(case=case, key__in=names).order_by("pk")
    return [names[key] for key in events.values_list("key", flat=True)]
