"""Times and spans as people at the desk read them: today 11:20, 3 days left, waiting 2:14."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from desk.cases.models import Case, State

WAIT_SOON = timedelta(minutes=2)
WAIT_LATE = timedelta(minutes=3)  # the standard's limit for an answer by a person
SOON_BEFORE = timedelta(hours=3)
SOON_SHARE = 0.2


@dataclass(frozen=True)
class Badge:
    mood: str  # "", "soon", "late" or "ok": a class of the style sheet
    words: str


def moment(at: datetime, now: datetime) -> str:
    """Today with the hour only, this year without the year."""
    at, now = localtime(at), localtime(now)
    if at.date() == now.date():
        return date_format(at, "H:i")
    if at.year == now.year:
        return date_format(at, "n月j日 H:i")
    return date_format(at, "Y年n月j日")


def until(at: datetime, now: datetime) -> str:
    """A limit; a day's end is that day's 24:00, not the next day's 0:00."""
    if localtime(at).time() == time():
        return date_format(localtime(at) - timedelta(minutes=1), "n月j日 24:00")
    return moment(at, now)


def ago(at: datetime, now: datetime) -> str:
    """How long ago, for a list: just now, 8 min, 3 h; then the day."""
    passed = now - at
    if passed < timedelta(minutes=1):
        return _("just now")
    if passed < timedelta(hours=1):
        return _("%(n)s min") % {"n": passed // timedelta(minutes=1)}
    if passed < timedelta(hours=12):
        return _("%(n)s h") % {"n": passed // timedelta(hours=1)}
    return moment(at, now)


def waited(since: datetime, now: datetime) -> Badge:
    """How long a citizen has waited: minutes and seconds under an hour."""
    passed = max(now - since, timedelta(0))
    mood = "late" if passed >= WAIT_LATE else "soon" if passed >= WAIT_SOON else ""
    if passed < timedelta(hours=1):
        minutes, seconds = divmod(int(passed.total_seconds()), 60)
        return Badge(mood, _("waits %(span)s") % {"span": f"{minutes}:{seconds:02d}"})
    return Badge(mood, _("waits %(span)s") % {"span": span(passed)})


def span(length: timedelta, units: int = 1) -> str:
    """A length in its largest unit, or its two largest."""
    days, rest = divmod(length, timedelta(days=1))
    hours, rest = divmod(rest, timedelta(hours=1))
    parts = [
        (days, _("%(n)s days")),
        (hours, _("%(n)s hours")),
        (rest // timedelta(minutes=1), _("%(n)s minutes")),
    ]
    while len(parts) > 1 and not parts[0][0]:
        parts.pop(0)
    return " ".join(words % {"n": number} for number, words in parts[:units] if number) or (
        parts[0][1] % {"n": 0}
    )


def due(case: Case, now: datetime, units: int = 1) -> Badge:
    """Where a case stands against its limit."""
    if case.state == State.MERGED:
        return Badge("ok", _("merged"))
    if not case.is_open:
        return Badge("ok", _("done"))
    if case.due_at is None:
        return Badge("", _("no limit yet"))
    left = case.due_at - now
    if left < timedelta(0):
        return Badge("late", _("late by %(span)s") % {"span": span(-left, units)})
    whole = case.due_at - (case.dispatched_at or case.accepted_at)
    is_soon = left <= SOON_BEFORE or left <= whole * SOON_SHARE
    return Badge("soon" if is_soon else "", _("%(span)s left") % {"span": span(left, units)})
