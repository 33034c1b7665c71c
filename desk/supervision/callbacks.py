"""Whom to call back: due on the day after the review, on day 7 at the latest."""

from __future__ import annotations

from django.db.models import QuerySet

from desk.cases.models import Case
from desk.people.models import User
from desk.people.rights import of_own_hotlines

SHOWN = 100


def due_calls(user: User) -> QuerySet[Case]:
    """The longest waiting first."""
    rows = of_own_hotlines(Case.objects.filter(callback_due_at__isnull=False), user)
    return rows.select_related("department", "hotline", "citizen").order_by("callback_due_at", "pk")


def count_due(user: User) -> int:
    return due_calls(user).order_by().count()
