"""What is going on at this moment: who waits, who is on shift and what each of them has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet

from desk.conversations.models import Conversation, Owner
from desk.people.models import PRESENT_FOR, User
from desk.people.rights import Right, staff_for
from desk.people.serving import serving_lines
from desk.people.shifts import has_plan, on_shift, planned


@dataclass(frozen=True)
class Talks:
    waiting: int
    owed: int  # a person has the talk and owes words
    with_bot: int
    longest: Conversation | None  # of those that wait


@dataclass(frozen=True)
class Person:
    user: User
    talks: int
    owed: int
    since: datetime | None  # the longest that somebody waits for their words


@dataclass(frozen=True)
class Staff:
    there: list[Person]  # who has most people waiting first
    missing: list[User]  # planned for now, not at the desk
    is_planned: bool  # somebody is, by a shift plan


def talks_now(hotline: str = "") -> Talks:
    rows = _open(hotline)
    found = rows.aggregate(
        waiting=Count("pk", filter=Q(owner=Owner.QUEUE)),
        owed=Count("pk", filter=Q(owner=Owner.AGENT, unanswered_at__isnull=False)),
        with_bot=Count("pk", filter=Q(owner=Owner.BOT)),
    )
    waiting = rows.filter(owner=Owner.QUEUE, queued_at__isnull=False)
    longest = waiting.select_related("citizen", "hotline").order_by("queued_at").first()
    return Talks(found["waiting"], found["owed"], found["with_bot"], longest)


def staff_now(now: datetime, hotline: str = "") -> Staff:
    """On shift and at the desk; of all hotlines: whoever is at the desk."""
    codes = [hotline] if hotline else list(serving_lines().values_list("code", flat=True))
    wanted = {user for code in codes if has_plan(code) for user in planned(code, now)}
    there = on_shift(hotline, now) if hotline else _at_the_desk(codes, now)
    ids = list(there.values_list("pk", flat=True))
    missing = User.objects.filter(pk__in=wanted - set(ids), is_active=True).order_by("username")
    return Staff(_with_talks(ids, now), list(missing), bool(wanted))


def _at_the_desk(codes: list[str], now: datetime) -> QuerySet[User]:
    ids: set[int] = set()
    for code in codes:
        ids |= set(staff_for(code, Right.TALK).values_list("pk", flat=True))
    return User.objects.filter(pk__in=ids, seen_at__gt=now - PRESENT_FOR)


def _with_talks(ids: list[int], now: datetime) -> list[Person]:
    own = Q(talks__owner=Owner.AGENT, talks__closed_at__isnull=True)
    owed = own & Q(talks__unanswered_at__isnull=False)
    users = User.objects.filter(pk__in=ids).annotate(
        talks_n=Count("talks", filter=own),
        owed_n=Count("talks", filter=owed),
        since=Min("talks__unanswered_at", filter=owed),
    )
    people = [Person(user, user.talks_n, user.owed_n, user.since) for user in users]
    return sorted(people, key=lambda one: (one.since or now, -one.talks, one.user.username))


def _open(hotline: str) -> QuerySet[Conversation]:
    rows = Conversation.objects.filter(closed_at__isnull=True)
    return rows.filter(hotline_id=hotline) if hotline else rows
