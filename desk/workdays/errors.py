"""Why a calendar was not kept; the message is for the person who entered it."""

from __future__ import annotations


class BadCalendar(ValueError):
    """What was entered is no calendar; then nothing has changed."""
