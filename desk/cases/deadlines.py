"""When a case is due, counted as the Civil Code counts: the first day is not counted, a last day
that is no working day moves on, and the last day ends at 24:00 in Shanghai. Hours run on.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache

import chinese_calendar
import structlog

from desk.cases.models import Urgency
from desk.cases.numbers import SHANGHAI

log = structlog.get_logger(__name__)

_HOURS = {Urgency.URGENT: 2, Urgency.PRIORITY: 24}
_CALENDAR_DAYS = 7
_WORKING_DAYS = 15


def due_at(urgency: Urgency, start: datetime) -> datetime:
    """The moment after which the case is late; `start` is its first dispatch."""
    if urgency in _HOURS:
        return start + timedelta(hours=_HOURS[urgency])
    first = start.astimezone(SHANGHAI).date()
    if urgency is Urgency.HARD:
        last = add_working_days(first, _WORKING_DAYS)
    else:
        last = next_working_day(first + timedelta(days=_CALENDAR_DAYS))
    return end_of(last)


def end_of(day: date) -> datetime:
    """24:00 of a day in Shanghai."""
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI)


def add_working_days(day: date, count: int) -> date:
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def next_working_day(day: date) -> date:
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


@cache
def is_working_day(day: date) -> bool:
    """By the State Council's yearly calendar; Monday to Friday for a year it does not hold yet."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        _warn_once(day.year)
        return day.weekday() < 5


@cache
def _warn_once(year: int) -> None:
    log.warning("no official calendar of working days yet", year=year)
