"""Writes the notices of a step, in the step's own transaction. Sending them is another's job.

Most steps matter to no citizen, and most cases opened by hand have none: those cost nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from django.utils.timezone import localtime

from desk.cases.models import Case, CaseEvent, CaseFile
from desk.telling.models import GOING_ON, Asking, AskingState, Notice
from desk.telling.recipients import citizens_of
from desk.telling.wording import CHASES, MATTERS, words_of
from desk.workdays.calendar import Calendar

MOST_FILES = 3
# A call back is over with these: nobody is asked by message any more.
_ENDS_ASKING = frozenset({"callback", "close", "redo", "merge"})


def of_step(case: Case, event: CaseEvent, calendar: Calendar) -> None:
    """A step of a locked case was taken."""
    if event.kind in _ENDS_ASKING:
        Asking.objects.filter(case=case, state__in=GOING_ON).update(state=AskingState.MISSED)
    if event.kind in MATTERS:
        of_events([event], event.at, calendar)


def of_events(events: Sequence[CaseEvent], at: datetime, calendar: Calendar) -> None:
    """What happened to locked cases by a round as of `at`: of each case the last thing."""
    last = {event.case_id: event for event in events if event.kind in MATTERS}
    if not last:
        return
    cases = [event.case for event in last.values()]
    told_today = _chased_today([event for event in last.values() if event.kind in CHASES], at)
    notices = []
    for case, citizens in _by_case(cases):
        event = last[case.pk]
        if event.kind in CHASES and case.pk in told_today:
            continue
        files = _files_of(case) if event.kind == "review" and citizens else []
        for citizen in citizens:
            is_owner = citizen == case.citizen_id
            words = words_of(case, event, at, calendar, for_owner=is_owner)
            if words:
                shown = files if is_owner or not case.confidential else []
                notices.append(
                    Notice(
                        case=case,
                        citizen_id=citizen,
                        event=event.kind,
                        words=words,
                        files=shown,
                        at=at,
                    )
                )
    Notice.objects.bulk_create(notices)


def of_calls_due(events: Sequence[CaseEvent], at: datetime) -> None:
    """Calls back have come due: who opened the case is asked by message first, where that goes."""
    cases = [event.case for event in events if event.kind == "callback_due"]
    asked = [
        Asking(case=case, citizen_id=case.citizen_id, at=at)
        for case, citizens in _by_case([case for case in cases if case.citizen_id])
        if case.citizen_id in citizens
    ]
    Asking.objects.bulk_create(asked)


def _by_case(cases: Sequence[Case]) -> list[tuple[Case, list[int]]]:
    citizens = citizens_of(cases) if cases else {}
    return [(case, citizens[case.pk]) for case in cases if case.pk in citizens]


def _chased_today(events: Sequence[CaseEvent], at: datetime) -> set[int]:
    if not events:
        return set()
    morning = datetime.combine(localtime(at).date(), time(), localtime(at).tzinfo)
    rows = Notice.objects.filter(
        case__in=[event.case_id for event in events],
        event__in=CHASES,
        at__gte=morning,
        at__lt=morning + timedelta(days=1),
    )
    return set(rows.values_list("case", flat=True))


def _files_of(case: Case) -> list[int]:
    """What proves the answer that was accepted now: kept since the department has had it."""
    rows = CaseFile.objects.filter(case=case)
    if case.sent_at:
        rows = rows.filter(at__gte=case.sent_at)
    return list(rows.order_by("-at").values_list("pk", flat=True)[:MOST_FILES])
