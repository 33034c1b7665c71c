"""A round of supervision as of a moment: whatever has come due happens, each thing once.

Any number of supervisors may run. A batch of cases is locked and looked at again under the lock;
events, cases and letters are written in one transaction, so that one that dies leaves nothing half
done and the next round does what is left. An event stands at the moment it was due; when the round
came later, its data says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from django.db import transaction

from desk.cases.actors import SYSTEM
from desk.cases.ladder import Act, acts, next_act_at
from desk.cases.models import Case, CaseEvent
from desk.cases.recording import tell_pages
from desk.cases.steps.step import Taking
from desk.cases.steps.taking import carry_out
from desk.row_updates import update_rows
from desk.supervision import letters
from desk.supervision.models import LetterKind
from desk.telling import noticing
from desk.webhooks.outbox import enqueue
from desk.workdays.calendar import Calendar, current

log = structlog.get_logger(__name__)

BATCH = 250
LATE = timedelta(minutes=10)  # a round's delay that is worth saying
_SAVED = frozenset({"rungs", "chases", "act_at", "callback_due_at", "is_supervised"})


def supervise(at: datetime) -> Counter[str]:
    """Do what is due by `at`; returns how often each kind happened. Safe to repeat."""
    calendar, done, failed = current(), Counter[str](), set[int]()
    while True:
        due = Case.objects.filter(act_at__lte=at).exclude(pk__in=failed)
        keys = list(due.order_by("act_at", "pk").values_list("pk", flat=True)[:BATCH])
        if not keys:
            break
        try:
            done += _batch(keys, at, calendar)
        except Exception:
            log.exception("batch of supervision failed; each case by itself")
            for key in keys:
                try:
                    done += _batch([key], at, calendar)
                except Exception:
                    log.exception("case not supervised", case=key)
                    failed.add(key)
    return done


@transaction.atomic
def _batch(keys: Sequence[int], at: datetime, calendar: Calendar) -> Counter[str]:
    cases = list(
        Case.objects.select_for_update(of=("self",))
        .select_related("department", "hotline")
        .filter(pk__in=keys, act_at__lte=at)
        .order_by("pk")
    )
    events: list[CaseEvent] = []
    for case in cases:
        for act in _due(case, at, calendar):
            if act.kind != "resume":
                events.append(_climb(case, act, at))
                continue
            carry_out(Taking(case, SYSTEM, act.at, calendar), "resume", {}, key=act.key)
            # What a clock that runs again owes by now, the calls back being looked at already.
            events += [
                _climb(case, rung, at)
                for rung in _due(case, at, calendar)
                if rung.kind != "callback_due"
            ]
        case.act_at = next_act_at(case, calendar)
    update_rows(cases, _SAVED)
    enqueue(CaseEvent.objects.bulk_create(events))
    # Of what a late round does at once only the last is written to the department.
    last = {event.case_id: event for event in events if event.kind in LetterKind}
    letters.write(
        (event.case, LetterKind(event.kind), event.at)
        for event in last.values()
        if event.case.department_id
    )
    noticing.of_events(events, at, calendar)
    noticing.of_calls_due(events, at)
    tell_pages(*{event.case.pk: event.case for event in events}.values())
    return Counter(event.kind for event in events)


def _due(case: Case, at: datetime, calendar: Calendar) -> list[Act]:
    return [act for act in acts(case, calendar) if act.at <= at]


def _climb(case: Case, act: Act, at: datetime) -> CaseEvent:
    if act.kind == "callback_due":
        case.callback_due_at = act.at
    else:
        case.rungs = [*case.rungs, act.kind]
    if act.kind in {"first_chase", "second_chase"}:
        case.chases += 1
    if act.kind == "supervision":
        case.is_supervised = True
    late = {"noticed_at": at.isoformat()} if at - act.at > LATE else {}
    return CaseEvent(case=case, kind=act.kind, by=SYSTEM.name, at=act.at, key=act.key, data=late)
