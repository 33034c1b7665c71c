"""An agent who falls silent, or is no longer at the desk, is warned and then loses the talk.

Both are decided again under the row's lock, so that any number of workers do each once.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from desk.conversations.live import announce
from desk.conversations.models import Author, Conversation, Owner, Reason
from desk.conversations.ownership import change_owner, locked, place_in_queue, tell
from desk.people.models import PRESENT_FOR, HotlineRule
from desk.routing.unattended import remember_place

MOST = 1000
WARNED_BEFORE = timedelta(minutes=1)


def loss_of(conversation: Conversation, silent: timedelta) -> tuple[datetime, Reason]:
    """When an agent's talk goes back to the queue as things stand, and why."""
    agent = conversation.agent
    seen = (agent.seen_at if agent else None) or conversation.unanswered_at or conversation.last_at
    away = (seen + silent, Reason.AWAY)
    if conversation.unanswered_at is None:
        return away
    return min(away, (conversation.unanswered_at + silent, Reason.SILENT))


def warning_at(loss: datetime, silent: timedelta) -> datetime:
    return loss - min(WARNED_BEFORE, silent / 3)


def about_to_lose(conversation: Conversation, now: datetime) -> datetime | None:
    """When the agent loses the talk, once it is time to warn of it."""
    if conversation.owner != Owner.AGENT or not conversation.is_open:
        return None
    silent = silent_times().get(conversation.hotline_id, _default())
    loss, reason = loss_of(conversation, silent)
    if reason is Reason.AWAY and conversation.agent and conversation.agent.is_present:
        return None  # whoever reads the warning is there
    return loss if warning_at(loss, silent) <= now else None


def watch_agents(now: datetime | None = None) -> int:
    """Warn who is about to lose a talk, and put back what is lost; returns how many were lost."""
    now = now or timezone.now()
    silent_of = silent_times()
    talks = Conversation.objects.filter(owner=Owner.AGENT, closed_at__isnull=True).select_related(
        "agent"
    )[:MOST]
    lost = 0
    for talk in list(talks):
        silent = silent_of.get(talk.hotline_id, _default())
        loss, reason = loss_of(talk, silent)
        if loss <= now:
            lost += _lose(talk.pk, silent, now)
        elif talk.warned_at is None and warning_at(loss, silent) <= now:
            is_there = talk.agent is not None and now - (talk.agent.seen_at or loss) < PRESENT_FOR
            if reason is Reason.SILENT or not is_there:
                _warn(talk.pk, silent, now)
    return lost


def _lose(number: int, silent: timedelta, now: datetime) -> bool:
    with transaction.atomic():
        conversation = locked(number)
        if conversation.owner != Owner.AGENT or not conversation.is_open:
            return False
        loss, reason = loss_of(conversation, silent)
        if loss > now:
            return False  # they have just spoken
        put_back(conversation, reason)
    return True


def put_back(conversation: Conversation, reason: Reason) -> None:
    """A locked conversation goes to the queue without its agent, and the citizen hears so."""
    change_owner(
        conversation, Owner.QUEUE, by=Author.SYSTEM, user=conversation.agent, reason=reason
    )
    remember_place(conversation)
    words = _("The colleague had to leave. You are in the queue again, number %d.")
    tell(conversation, words % place_in_queue(conversation), may_cancel=True)


def _warn(number: int, silent: timedelta, now: datetime) -> None:
    with transaction.atomic():
        conversation = locked(number)
        if conversation.owner != Owner.AGENT or conversation.warned_at is not None:
            return
        if warning_at(loss_of(conversation, silent)[0], silent) > now:
            return
        conversation.warned_at = now
        conversation.save(update_fields=["warned_at"])
        announce("owner", hotline=conversation.hotline_id, conversation=conversation.pk)


def silent_times() -> dict[str, timedelta]:
    """By hotline; those without a rule keep the default."""
    rules = HotlineRule.objects.values_list("hotline_id", "silent_minutes")
    return {hotline: timedelta(minutes=minutes) for hotline, minutes in rules}


def _default() -> timedelta:
    return timedelta(minutes=HotlineRule().silent_minutes)
