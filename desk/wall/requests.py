"""Requests for a person (转人工) and when a person first answered: the standard is 3 minutes.

A request counts once it was answered, or once its 3 minutes are over. One that the citizen took
back before that counts for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, QuerySet, Subquery

from desk.conversations.models import Author, Message, Owner, OwnerChange
from desk.people.models import PRACTICE

STANDARD = timedelta(minutes=3)
GOAL = 0.95  # of the requests, within the standard


@dataclass(frozen=True)
class Request:
    """Times are aware. `answered_at` None: nobody has answered yet."""

    conversation: int
    hotline: str
    at: datetime
    answered_at: datetime | None

    @property
    def waited(self) -> timedelta | None:
        return self.answered_at - self.at if self.answered_at else None

    def is_in_time(self) -> bool:
        return self.waited is not None and self.waited <= STANDARD


@dataclass(frozen=True)
class Promptness:
    in_time: int
    counted: int

    @property
    def share(self) -> float | None:
        """0 to 1; None when nobody asked for a person."""
        return self.in_time / self.counted if self.counted else None

    @property
    def is_below_goal(self) -> bool:
        return self.share is not None and self.share < GOAL


def requests_since(since: datetime, now: datetime, hotline: str = "") -> list[Request]:
    """Those that count, oldest first."""
    later = {"conversation": OuterRef("conversation"), "at__gt": OuterRef("at")}
    spoken = Message.objects.filter(author=Author.AGENT, **later).order_by("at").values("at")
    given_back = OwnerChange.objects.filter(after=Owner.BOT, **later).order_by("at").values("at")
    rows: QuerySet[OwnerChange] = OwnerChange.objects.filter(
        before=Owner.BOT, after=Owner.QUEUE, at__gte=since
    ).exclude(conversation__hotline=PRACTICE)
    if hotline:
        rows = rows.filter(conversation__hotline_id=hotline)
    found = (
        rows.annotate(answered=Subquery(spoken[:1]), back=Subquery(given_back[:1]))
        .order_by("at")
        .values_list("conversation_id", "conversation__hotline_id", "at", "answered", "back")
    )
    return list(_counted(found, now))


def promptness(requests: Iterable[Request]) -> Promptness:
    counted = list(requests)
    return Promptness(sum(one.is_in_time() for one in counted), len(counted))


def _counted(
    rows: Iterable[tuple[int, str, datetime, datetime | None, datetime | None]], now: datetime
) -> Iterable[Request]:
    for conversation, hotline, at, answered, back in rows:
        if back is not None and (answered is None or back < answered):
            answered = None  # what a person said afterwards answers a later request
            if back - at <= STANDARD:
                continue
        if answered is None and now - at <= STANDARD:
            continue
        yield Request(conversation, hotline, at, answered)
