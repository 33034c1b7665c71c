"""Months in Shanghai, as moments between which things are counted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from desk.cases.deadlines import at_hour
from desk.cases.moments import SHANGHAI


class NoMonth(ValueError):
    """These words are no month, or one that no calendar has."""


@dataclass(frozen=True, order=True)
class Month:
    year: int
    number: int  # 1 to 12

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def begins(self) -> datetime:
        return at_hour(self.first, 0)

    @property
    def ends(self) -> datetime:
        """24:00 of its last day, which is the next month's first moment."""
        return self.next.begins

    @property
    def next(self) -> Month:
        return self.plus(1)

    @property
    def before(self) -> Month:
        return self.plus(-1)

    def plus(self, months: int) -> Month:
        year, number = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(year, number + 1)


def month_of(moment: datetime) -> Month:
    day = moment.astimezone(SHANGHAI)
    return Month(day.year, day.month)


def read_month(words: str) -> Month:
    """`2026-10`. Raises `NoMonth`."""
    match = re.fullmatch(r"(\d{4})-(\d{2})", words)
    if match is None or not (1 <= int(match[2]) <= 12 and 2000 <= int(match[1]) <= 2100):
        raise NoMonth(words)
    return Month(int(match[1]), int(match[2]))
