"""Months of the office's clock: a talk belongs to the one in which it ended."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.timezone import get_default_timezone, localtime


def month_of(at: datetime) -> date:
    return localtime(at).date().replace(day=1)


def month_before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)


def month_after(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def begin_of(month: date) -> datetime:
    return datetime(month.year, month.month, 1, tzinfo=get_default_timezone())


def read_month(text: str) -> date | None:
    """Of `YYYY-MM`."""
    try:
        return date.fromisoformat(f"{text}-01") if len(text) == 7 else None
    except ValueError:
        return None
