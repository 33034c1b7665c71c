"""Counts deadlines anew after the calendar has changed; each one that moves says so in its history.

Deadlines that have passed stay: nobody becomes late, or was late, by a change made afterwards.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from desk.cases import clock, counted
from desk.cases.actors import Actor
from desk.cases.ladder import next_act_at
from desk.cases.models import OPEN_STATES, Case
from desk.cases.recording import record
from desk.pages.times import until
from desk.workdays.calendar import current

BATCH = 200


def count_again(actor: Actor, at: datetime) -> int:
    """How many deadlines moved. Safe to repeat; a batch is one transaction."""
    calendar, moved, last = current(), 0, 0
    while True:
        with transaction.atomic():
            cases = list(
                Case.objects.select_for_update(of=("self",))
                .filter(pk__gt=last, state__in=OPEN_STATES, due_at__gt=at)
                .order_by("pk")[:BATCH]
            )
            for case in cases:
                before = case.due_at
                if not clock.count_again(case, calendar):
                    continue
                if before is not None and case.due_at is not None and before != case.due_at:
                    moved += 1
                    counted.due_moved(case, calendar)
                    record(
                        case,
                        "note",
                        actor,
                        at=at,
                        note=_("The calendar has changed: the limit moves from %(a)s to %(b)s.")
                        % {"a": until(before, at), "b": until(case.due_at, at)},
                        data={"before": before.isoformat(), "due_at": case.due_at.isoformat()},
                    )
                case.act_at = next_act_at(case, calendar)
                case.save()
        if not cases:
            return moved
        last = cases[-1].pk
