"""When a case is due, counted as the Civil Code counts: the first day is not counted, a last day
that is no working day moves on, and the last day ends at 24:00 in Shanghai. Hours run on.

Pure: the calendar is an argument. A deadline keeps how it was counted, so that it can be counted
again when a year's calendar is published.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from desk.cases.models import Urgency
from desk.cases.moments import SHANGHAI, day_of
from desk.workdays.calendar import Calendar

HOURS = {Urgency.URGENT: 2, Urgency.PRIORITY: 24}
CALENDAR_DAYS = 7
WORKING_DAYS = 15
RETURN_WITHIN = 2  # working days
LONGEST_EXTENSION = 10  # working days
RESPONSE_WITHIN = 1  # working day

_MOMENT, _CALENDAR, _WORKING, _EXTENDED = "moment", "calendar", "working", "extended"


@dataclass(frozen=True)
class Deadline:
    at: datetime
    # What was counted, in order: ["calendar", "2026-02-10", 7], ["extended", 5], …
    basis: list[list[Any]]
    is_firm: bool = True  # False: it lies across a year whose calendar is not published

    @property
    def is_in_hours(self) -> bool:
        return bool(self.basis) and self.basis[-1][0] == _MOMENT


def first_deadline(urgency: Urgency, start: datetime, calendar: Calendar) -> Deadline:
    """`start` is the first dispatch."""
    if urgency in HOURS:
        return _until(start + timedelta(hours=HOURS[urgency]))
    first = day_of(start).isoformat()
    if urgency is Urgency.HARD:
        return counted([[_WORKING, first, WORKING_DAYS]], calendar)
    return counted([[_CALENDAR, first, CALENDAR_DAYS]], calendar)


def extended(deadline: Deadline, working_days: int, calendar: Calendar) -> Deadline:
    """More working days, counted from the old deadline."""
    return counted([*deadline.basis, [_EXTENDED, working_days]], calendar)


def left_of(deadline: Deadline, at: datetime, urgency: Urgency, calendar: Calendar) -> list[Any]:
    """What is left of a deadline when its clock stops: seconds, calendar or working days."""
    if deadline.is_in_hours:
        return [_MOMENT, (deadline.at - at).total_seconds()]
    today, last = day_of(at), last_day(deadline.at)
    if urgency is Urgency.HARD and last >= today:
        return [_WORKING, calendar.working_days_between(today, last)]
    return [_CALENDAR, (last - today).days]


def resumed(left: Sequence[Any], at: datetime, calendar: Calendar) -> Deadline:
    """The deadline of a clock that goes on with what was left."""
    unit, count = left
    if unit == _MOMENT:
        return _until(at + timedelta(seconds=count))
    return counted([[unit, day_of(at).isoformat(), count]], calendar)


def counted(basis: list[list[Any]], calendar: Calendar) -> Deadline:
    """Count a deadline from its basis, once more or for the first time."""
    day, is_firm, moment = date.min, True, None
    for unit, *how in basis:
        if unit == _MOMENT:
            moment = datetime.fromisoformat(how[0])
            day = last_day(moment)
            continue
        start = day if unit == _EXTENDED else date.fromisoformat(how[0])
        moment, day = None, _counted(unit, start, how[-1], calendar)
        is_firm = is_firm and calendar.is_firm(min(start, day), day)
    return Deadline(moment or end_of(day), basis, is_firm)


def _counted(unit: str, start: date, count: int, calendar: Calendar) -> date:
    if unit in (_WORKING, _EXTENDED):
        return calendar.next_working_day(calendar.add_working_days(start, count))
    last = start + timedelta(days=count)
    # What was late already stays late: only a day to come moves on.
    return calendar.next_working_day(last) if count >= 0 else last


def _until(moment: datetime) -> Deadline:
    return Deadline(moment, [[_MOMENT, moment.isoformat()]])


def return_until(dispatched: datetime, calendar: Calendar) -> datetime:
    """Until when a department may send a case back that it got at `dispatched`."""
    day = day_of(dispatched)
    return end_of(calendar.add_working_days(day, RETURN_WITHIN))


def response_until(dispatched: datetime, calendar: Calendar) -> datetime:
    """Until when signing or answering counts as a response."""
    day = day_of(dispatched)
    return end_of(calendar.add_working_days(day, RESPONSE_WITHIN))


def last_day(due: datetime) -> date:
    """The day at whose end, or on which, a deadline falls: 24:00 belongs to the day before."""
    return (due.astimezone(SHANGHAI) - timedelta(microseconds=1)).date()


def end_of(day: date) -> datetime:
    """24:00 of a day in Shanghai."""
    return at_hour(day + timedelta(days=1), 0)


def at_hour(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), SHANGHAI)
