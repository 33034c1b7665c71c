"""A person enters a year as the State Council's notice has it, or changes a single day.

Only here is the calendar written. Who calls counts deadlines anew: `desk.supervision.recounting`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from desk.people.models import User
from desk.workdays.calendar import SHIPPED
from desk.workdays.errors import BadCalendar
from desk.workdays.models import PublishedYear, SpecialDay

FARTHEST = 5  # years after the shipped ones
_LINE = re.compile(
    r"(?P<first>\d{4}-\d{1,2}-\d{1,2})(?:\s*(?:~|至|到|—)\s*(?P<last>\d{4}-\d{1,2}-\d{1,2}))?"
    r"(?:[\s,，]+(?P<name>.+))?"
)
_LONGEST = 31  # days of one holiday


@dataclass(frozen=True)
class Day:
    day: date
    is_working: bool
    name: str = ""


def read_days(words: str, *, is_working: bool) -> list[Day]:
    """Lines such as `2027-02-06 至 2027-02-12 春节`. Raises `BadCalendar`, which names the line."""
    found: list[Day] = []
    for number, line in enumerate(words.splitlines(), start=1):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise BadCalendar(_("Line %(n)d is no day: %(line)s") % {"n": number, "line": line})
        try:
            first = _day(match["first"])
            last = _day(match["last"]) if match["last"] else first
        except ValueError as error:
            raise BadCalendar(
                _("Line %(n)d is no day: %(line)s") % {"n": number, "line": line}
            ) from error
        if not 0 <= (last - first).days < _LONGEST:
            raise BadCalendar(
                _("Line %(n)d ends before it begins, or is too long.") % {"n": number}
            )
        name = (match["name"] or "").strip()[:40]
        found += [
            Day(date.fromordinal(first.toordinal() + n), is_working, name)
            for n in range((last - first).days + 1)
        ]
    return found


@transaction.atomic
def enter_year(year: int, notice: str, days: Sequence[Day], *, by: User, at: datetime) -> None:
    """Keep a year in full; what was entered for it before is replaced. Raises `BadCalendar`."""
    if not SHIPPED.stop <= year < SHIPPED.stop + FARTHEST:
        raise BadCalendar(_("The year %d cannot be entered.") % year)
    if not notice.strip():
        raise BadCalendar(_("Which notice is it from? Its number is missing."))
    if not any(not day.is_working for day in days):
        raise BadCalendar(_("No day off is entered: a year has holidays."))
    outside = [day for day in days if day.day.year != year]
    if outside:
        raise BadCalendar(_("%s is not of this year.") % outside[0].day)
    both = {day.day for day in days if day.is_working} & {
        day.day for day in days if not day.is_working
    }
    if both:
        raise BadCalendar(_("%s is entered as a day off and as a working day.") % min(both))
    SpecialDay.objects.filter(day__year=year).delete()
    SpecialDay.objects.bulk_create(
        SpecialDay(day=day.day, is_working=day.is_working, name=day.name, by=by, at=at)
        for day in {day.day: day for day in days}.values()
    )
    PublishedYear.objects.update_or_create(
        year=year, defaults={"notice": notice.strip()[:120], "by": by, "at": at}
    )


def set_day(day: date, *, is_working: bool, name: str, by: User, at: datetime) -> None:
    """Change one day: a snow day, a day off for a district."""
    SpecialDay.objects.update_or_create(
        day=day, defaults={"is_working": is_working, "name": name[:40], "by": by, "at": at}
    )


def forget_day(day: date) -> None:
    SpecialDay.objects.filter(day=day).delete()


def _day(words: str) -> date:
    year, month, day = (int(part) for part in words.split("-"))
    return date(year, month, day)
