"""Gives who waits to the agent with the most room, where a hotline assigns.

Under the locks of the talk and of the agent: two workers never give one talk twice, nor an agent
more than their limit.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, FloatField, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _

from desk.conversations.models import Author, Conversation, Owner, OwnerChange, Reason
from desk.conversations.ownership import change_owner, has_room, locked, tell
from desk.people.models import Handout, Role, User
from desk.people.rights import Right, staff_for
from desk.people.shifts import on_shift, rule_of

LARGE = 8  # agents; a smaller line sees its whole queue at a glance and picks better than we do
MOST = 100


def assigns(hotline: str) -> bool:
    """Whether the hotline assigns, or lets its agents take."""
    handout = rule_of(hotline).handout
    if handout == Handout.BY_SIZE:
        return staff_for(hotline, Right.TALK).filter(role=Role.AGENT).count() >= LARGE
    return handout == Handout.PUSH


def assign_waiting(now: datetime | None = None) -> int:
    """Give away what waits, first come first; returns how many found an agent."""
    now = now or timezone.now()
    waiting = (
        Conversation.objects.filter(owner=Owner.QUEUE, closed_at__isnull=True)
        .order_by("queued_at", "pk")
        .values_list("pk", "hotline_id")[:MOST]
    )
    does: dict[str, bool] = {}
    given = 0
    for number, hotline in list(waiting):
        if hotline not in does:
            does[hotline] = assigns(hotline)
        given += does[hotline] and assign(number, now)
    return given


def assign(number: int, now: datetime) -> bool:
    with transaction.atomic():
        conversation = locked(number)
        if conversation.owner != Owner.QUEUE or not conversation.is_open:
            return False
        for agent in candidates(conversation, now):
            if has_room(agent):
                change_owner(
                    conversation,
                    Owner.AGENT,
                    by=Author.SYSTEM,
                    agent=agent,
                    reason=Reason.ASSIGNED,
                )
                tell(conversation, _("%s is with you now.") % agent, user=agent)
                return True
    return False


def candidates(conversation: Conversation, now: datetime) -> list[User]:
    """Who may get the talk, the least loaded by share of their limit first.

    Somebody without the skill is better than nobody; who let this talk fall does not get it again.
    """
    silent = OwnerChange.objects.filter(conversation=conversation, reason=Reason.SILENT)
    free = _by_load(on_shift(conversation.hotline_id, now).exclude(role=Role.ADMIN)).exclude(
        pk__in=silent.exclude(user=None).values("user")
    )
    agents = list(free.filter(role=Role.AGENT)) or list(free)
    skilled = (
        [agent for agent in agents if conversation.skill in agent.skills.all()]
        if conversation.skill_id
        else agents
    )
    return [agent for agent in skilled or agents if agent.load < 1]  # type: ignore[attr-defined]


def _by_load(users: QuerySet[User]) -> QuerySet[User]:
    """With `load`, the share of their limit that is taken."""
    going_on = Q(talks__owner=Owner.AGENT, talks__closed_at__isnull=True)
    return (
        users.prefetch_related("skills")
        .annotate(
            load=Cast(Count("talks", filter=going_on, distinct=True), FloatField())
            / Cast(F("talk_limit"), FloatField())
        )
        .order_by("load", "pk")
    )
