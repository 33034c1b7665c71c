"""Whom to call back: due on the day after the review, on day 7 at the latest.

Who is being asked by message is left out for as long as that lasts: see `desk.telling.asking`.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from desk.cases.models import Case
from desk.people.models import User
from desk.people.rights import of_own_hotlines
from desk.telling.models import GOING_ON, Asking

SHOWN = 100


def due_calls(user: User) -> QuerySet[Case]:
    """The longest waiting first."""
    asked = Asking.objects.filter(case=OuterRef("pk"), state__in=GOING_ON)
    due = Case.objects.filter(~Exists(asked), callback_due_at__isnull=False)
    rows = of_own_hotlines(due, user)
    return rows.select_related("department", "hotline", "citizen").order_by("callback_due_at", "pk")


def count_due(user: User) -> int:
    return due_calls(user).order_by().count()
