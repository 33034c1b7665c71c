"""What supervision owes a case, and when: the reminder before the limit, two chases, the
supervision list, the calls back, the end of a suspension.

Pure but for the case it reads. A rung is climbed once for a deadline. What passed by while nobody
owed an answer (it had been given, and was sent back; or the case was done and is redone) is counted
from the day on which an answer was owed again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from desk.cases import clock
from desk.cases.deadlines import HOURS, Deadline, at_hour, last_day
from desk.cases.models import UNANSWERED, Case, State, Urgency
from desk.cases.moments import SHANGHAI, day_of
from desk.cases.rungs import key_of
from desk.workdays.calendar import Calendar

MORNING = 9  # o'clock, when letters go out
AFTER_DUE = {"first_chase": 1, "second_chase": 3, "supervision": 5}  # working days
REMINDER_SHARE = 4  # for hours: when a quarter is left
CALL_BACK_WITHIN = timedelta(days=7)  # of acceptance, 7 × 24 h, result or not


@dataclass(frozen=True)
class Act:
    kind: str  # reminder | first_chase | second_chase | supervision | callback_due | resume
    at: datetime
    key: str  # of the event: it happens once


def acts(case: Case, calendar: Calendar) -> list[Act]:
    """All that is still to come for a case as it stands, the earliest first."""
    coming = [*_rungs(case, calendar), *_calls_back(case)]
    if case.state == State.SUSPENDED and case.suspended_until:
        moment = case.suspended_until
        coming.append(Act("resume", moment, f"resume {moment.isoformat()}"))
    return sorted(coming, key=lambda act: act.at)


def next_act_at(case: Case, calendar: Calendar) -> datetime | None:
    coming = acts(case, calendar)
    return coming[0].at if coming else None


def _rungs(case: Case, calendar: Calendar) -> list[Act]:
    deadline = clock.deadline_of(case)
    if case.state not in UNANSWERED or deadline is None:
        return []
    since = case.owed_since or case.dispatched_at or deadline.at
    moments = (
        _by_hours(case, deadline, since, calendar)
        if deadline.is_in_hours
        else _by_days(deadline, since, calendar)
    )
    return [
        Act(kind, moment, key_of(kind, deadline.at))
        for kind, moment in moments.items()
        if kind not in case.rungs
    ]


def _by_days(deadline: Deadline, since: datetime, calendar: Calendar) -> dict[str, datetime]:
    due, back = last_day(deadline.at), day_of(since)
    moments = {}
    reminder = at_hour(calendar.last_working_day_before(due), MORNING)
    if reminder >= since:
        moments["reminder"] = reminder
    start = due
    for kind, count in AFTER_DUE.items():
        moment = at_hour(calendar.add_working_days(start, count), MORNING)
        if moment < since:  # passed by while nothing was owed: this one and those after it
            start = back
            moment = at_hour(calendar.add_working_days(start, count), MORNING)
        moments[kind] = moment
    return moments


def _by_hours(
    case: Case, deadline: Deadline, since: datetime, calendar: Calendar
) -> dict[str, datetime]:
    span = timedelta(hours=HOURS.get(Urgency(case.urgency), 24))
    moments = {}
    reminder = deadline.at - span / REMINDER_SHARE
    if since <= reminder:
        moments["reminder"] = reminder
    first = deadline.at if deadline.at >= since else since + span
    second = first + span
    listed = at_hour(calendar.add_working_days(last_day(first), 1), MORNING)
    while listed < second:
        listed = at_hour(calendar.add_working_days(day_of(listed), 1), MORNING)
    return moments | {"first_chase": first, "second_chase": second, "supervision": listed}


def _calls_back(case: Case) -> list[Act]:
    """Due on the calendar day after the review; on day 7 at the latest, result or not."""
    if case.callback_due_at or not case.is_open or case.state == State.CALLED_BACK:
        return []
    found = []
    if case.state == State.REVIEWED and case.approved_at:
        day = day_of(case.approved_at) + timedelta(days=1)
        found.append(Act("callback_due", at_hour(day, 0), f"callback_due {case.approved_at}"))
    if case.called_back_at is None:
        found.append(Act("callback_due", day_seven(case.accepted_at), "callback_due day 7"))
    return sorted(found, key=lambda act: act.at)[:1]


def day_seven(accepted: datetime) -> datetime:
    """The beginning of the day on which seven times 24 hours since acceptance are over."""
    return at_hour((accepted + CALL_BACK_WITHIN).astimezone(SHANGHAI).date(), 0)
