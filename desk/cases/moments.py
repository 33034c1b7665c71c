"""Moments as Shanghai's days, and as the API and other systems are told of them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def day_of(moment: datetime) -> date:
    """The day that a moment belongs to in Shanghai."""
    return moment.astimezone(SHANGHAI).date()


def iso(moment: datetime | None) -> str | None:
    """With Shanghai's offset."""
    return moment.astimezone(SHANGHAI).isoformat() if moment else None
