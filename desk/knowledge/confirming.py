"""When a department last confirmed an entry (确认): citizens are told the month.

A second person's approval confirms it, and so does a day that an editor or an import gives. An
answer that reads otherwise since then is confirmed by nobody.
"""

from __future__ import annotations

from datetime import date
from typing import Protocol

from django.utils.timezone import localdate
from wagtail.models import Revision

from desk.cases.moments import SHANGHAI


class Confirmed(Protocol):
    """What is asked of an entry."""

    answer: str
    live: bool
    confirmed_on: date | None

    @property
    def latest_revision(self) -> Revision | None: ...

    def get_latest_revision(self) -> Revision | None: ...


def today() -> date:
    return localdate(timezone=SHANGHAI)


def confirm(entry: Confirmed, day: date) -> None:
    """The newest version was looked at by a second person. A day that was given with it stays."""
    revision: Revision | None = entry.get_latest_revision()
    if revision is None:
        return
    known = _iso(entry.confirmed_on if entry.live else None)
    if revision.content.get("confirmed_on") in (None, known):
        revision.content["confirmed_on"] = day.isoformat()
        revision.save(update_fields=["content"])


def confirmed_still(entry: Confirmed) -> date | None:
    """The day, unless it was said of another answer than the one that is kept now."""
    if entry.confirmed_on is None or entry.latest_revision is None:
        return entry.confirmed_on
    before = entry.latest_revision.content
    was_said_of_it = before.get("answer") == entry.answer
    is_new = before.get("confirmed_on") != _iso(entry.confirmed_on)
    return entry.confirmed_on if was_said_of_it or is_new else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
