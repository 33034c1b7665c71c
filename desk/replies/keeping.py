"""Who may see and change which canned reply; every write of one."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Q, QuerySet

from desk.conversations.speaking import LONGEST
from desk.people.models import Role, User
from desk.replies.models import CannedReply

MOST = 300  # of one owner; more is found by nobody


class NotKept(Exception):
    """The reply was not kept; `problem` says why."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


def for_user(user: User) -> QuerySet[CannedReply]:
    """A person's own and the team's, the most used first."""
    return CannedReply.objects.filter(Q(owner=user) | Q(owner=None)).order_by("-used", "title")


def found(user: User, words: str, most: int) -> list[CannedReply]:
    """Those that hold all the words, a fitting title before a fitting text."""
    rows = for_user(user)
    for word in words.split():
        rows = rows.filter(Q(title__icontains=word) | Q(text__icontains=word))
    titled = sorted(rows[:MOST], key=lambda reply: words not in reply.title)
    return titled[:most]


def may_change(user: User, reply: CannedReply) -> bool:
    return keeps_the_teams(user) if reply.owner_id is None else reply.owner_id == user.pk


def keeps_the_teams(user: User) -> bool:
    return user.is_superuser or user.role in {Role.SUPERVISOR, Role.ADMIN}


def keep(
    user: User,
    *,
    title: str,
    text: str,
    is_teams: bool,
    at: datetime,
    reply: CannedReply | None = None,
) -> CannedReply:
    """Make or change a reply. Raises `NotKept`."""
    title, text = title.strip(), text.strip()
    if not title or not text:
        raise NotKept("empty")
    if len(title) > 40 or len(text) > LONGEST:
        raise NotKept("too_long")
    if is_teams and not keeps_the_teams(user):
        raise NotKept("not_yours")
    if reply is None:
        reply = CannedReply()
    elif not may_change(user, reply):
        raise NotKept("not_yours")
    reply.owner = None if is_teams else user
    reply.title, reply.text, reply.changed_at = title, text, at
    reply.save()
    return reply


def count_use(user: User, number: int) -> None:
    for_user(user).filter(pk=number).order_by().update(used=F("used") + 1)
