"""A case's days from the first dispatch to the limit, as a strip: gone, off, today, the limit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from desk.cases.deadlines import last_day
from desk.cases.models import Case
from desk.cases.moments import day_of
from desk.workdays.calendar import Calendar

MOST = 35  # days


@dataclass(frozen=True)
class Day:
    day: date
    classes: str  # of the style sheet
    is_off: bool
    is_limit: bool


def strip(case: Case, calendar: Calendar, now: datetime) -> list[Day]:
    """Nothing for a limit in hours, or one that is too far for a strip."""
    if case.dispatched_at is None or case.due_at is None:
        return []
    first = day_of(case.dispatched_at)
    last, today = last_day(case.due_at), day_of(now)
    count = (last - first).days + 1
    if not 3 <= count <= MOST:
        return []
    days = []
    for number in range(count):
        day = first + timedelta(days=number)
        is_off = not calendar.is_working_day(day)
        classes = [
            *(["off"] if is_off else []),
            *(["gone"] if day < today and not is_off else []),
            *(["today"] if day == today else []),
            *(["end"] if day == last else []),
        ]
        days.append(Day(day, " ".join(classes), is_off, day == last))
    return days
