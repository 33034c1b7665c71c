"""China's working days with moved holidays and make-up days, and whether a year is certain yet.

The State Council publishes a year's calendar in the November before it. Of a year that nobody has
published, Monday to Friday is all that can be said: a date counted across it is not firm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

import chinese_calendar

from desk.workdays.models import PublishedYear, SpecialDay

# The library refuses a year that it does not hold; its newest day says which those are.
SHIPPED = range(2004, max(chinese_calendar.constants.holidays).year + 1)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Calendar:
    special: Mapping[date, bool] = field(default_factory=dict)  # entered by a person
    entered: frozenset[int] = frozenset()  # years that a person has entered in full

    def is_working_day(self, day: date) -> bool:
        known = self.special.get(day)
        if known is not None:
            return known
        if day.year in SHIPPED and day.year not in self.entered:
            return _shipped(day)
        return day.weekday() < 5

    def is_published(self, year: int) -> bool:
        return year in SHIPPED or year in self.entered

    def is_firm(self, first: date, last: date) -> bool:
        """Whether all that lies between two days is certain."""
        return all(self.is_published(year) for year in range(first.year, last.year + 1))

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`th working day after a day; the day itself is not counted."""
        while count:
            day += _DAY
            count -= self.is_working_day(day)
        return day

    def working_days_between(self, first: date, last: date) -> int:
        """How many working days lie after `first`, up to `last` and with it."""
        span = (last - first).days
        return sum(self.is_working_day(first + n * _DAY) for n in range(1, span + 1))

    def next_working_day(self, day: date) -> date:
        """This day, or the first working day after it."""
        while not self.is_working_day(day):
            day += _DAY
        return day

    def last_working_day_before(self, day: date) -> date:
        day -= _DAY
        while not self.is_working_day(day):
            day -= _DAY
        return day


@cache
def _shipped(day: date) -> bool:
    """By the shipped calendar, which never changes while we run; an entered day comes before it."""
    return bool(chinese_calendar.is_workday(day))


def current() -> Calendar:
    """The calendar as it is now. Two small queries: ask once for a round or a request."""
    return Calendar(
        special=dict(SpecialDay.objects.values_list("day", "is_working")),
        entered=frozenset(PublishedYear.objects.values_list("year", flat=True)),
    )
