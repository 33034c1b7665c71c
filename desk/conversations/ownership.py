"""Who may speak in a talk: bot, queue or one agent. The only place that changes it.

Every change happens under the conversation's row lock, raises its epoch, leaves an audit line and
is told to the citizen. Router, pages and supervision call the same functions.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from actions.options import CANCEL_AGENT
from desk.conversations import outbox
from desk.conversations.live import announce
from desk.conversations.models import (
    Author,
    Conversation,
    Message,
    Owner,
    OwnerChange,
    Reason,
)
from desk.people.models import Role, User
from desk.people.rights import Right, may
from wire.messages import Option, Part

IDLE_AFTER = timedelta(hours=24)


class NotAllowed(Exception):
    """The talk cannot be changed so now; the message says why, for the agent to read."""


def locked(conversation: int) -> Conversation:
    """The conversation under its row lock. Only inside a transaction."""
    return (
        Conversation.with_practice.select_for_update(of=("self",))
        .select_related("citizen")
        .get(pk=conversation)
    )


def change_owner(
    conversation: Conversation,
    after: Owner,
    *,
    by: Author,
    user: User | None = None,
    agent: User | None = None,
    note: str = "",
    reason: Reason | None = None,
    target: str = "",
) -> None:
    """Change the owner of a locked conversation and save it.

    `user` does it; `agent` has the talk then, the same person unless said otherwise.
    """
    before, now = Owner(conversation.owner), timezone.now()
    conversation.queued_at = _queued_at(conversation, after, now)
    conversation.owner = after
    conversation.agent = (agent or user) if after is Owner.AGENT else None
    conversation.epoch += 1
    conversation.unanswered_at = now if after is Owner.AGENT else None
    conversation.warned_at = conversation.told_place = conversation.told_nobody_at = None
    if after is Owner.AGENT:
        # Who did not take it themselves has not seen it yet.
        conversation.unread = 0 if conversation.agent == user else max(1, conversation.unread)
    if after is Owner.BOT:
        conversation.skill = None
        if conversation.home_id:
            conversation.hotline_id, conversation.home = conversation.home_id, None
    conversation.save(update_fields=_CHANGED)
    OwnerChange.objects.create(
        conversation=conversation,
        before=before,
        after=after,
        by=by,
        user=user,
        agent=conversation.agent,
        reason=reason or "",
        target=target,
        epoch=conversation.epoch,
        note=note,
    )
    announce("owner", hotline=conversation.hotline_id, conversation=conversation.pk)
    number, epoch = conversation.pk, conversation.epoch
    transaction.on_commit(lambda: outbox.mirror_epoch(number, epoch))


_CHANGED = [
    "owner",
    "agent",
    "epoch",
    "queued_at",
    "unread",
    "draft",
    "closed_at",
    "hotline",
    "home",
    "skill",
    "unanswered_at",
    "warned_at",
    "told_place",
    "told_nobody_at",
]


def _queued_at(conversation: Conversation, after: Owner, now: datetime) -> datetime | None:
    """Who has waited already, for the queue or for an agent's words, does not begin anew."""
    if after is not Owner.QUEUE:
        return None
    return conversation.queued_at or conversation.unanswered_at or now


def place_in_queue(conversation: Conversation) -> int:
    """1 is next. The hotline's own queue is counted."""
    return 1 + (
        Conversation.objects.filter(
            owner=Owner.QUEUE,
            closed_at__isnull=True,
            hotline_id=conversation.hotline_id,
            queued_at__lt=conversation.queued_at or timezone.now(),
        )
        .exclude(pk=conversation.pk)
        .count()
    )


def request_agent(conversation: Conversation) -> int:
    """Put a locked conversation into the queue; returns the place. Twice is once."""
    if conversation.owner == Owner.BOT:
        change_owner(conversation, Owner.QUEUE, by=Author.CITIZEN)
    return place_in_queue(conversation)


def cancel_agent(conversation: Conversation) -> bool:
    """The citizen no longer waits; False when there was nothing to cancel."""
    if conversation.owner != Owner.QUEUE:
        return False
    change_owner(conversation, Owner.BOT, by=Author.CITIZEN)
    return True


def take_over(conversation_id: int, user: User, note: str = "") -> Conversation:
    """An agent speaks from now on; the bot stops, also for an answer under way.

    Raises `NotAllowed` when a colleague has the talk (a supervisor may step in) or it is closed.
    """
    if not may(user, Right.TALK):
        raise NotAllowed(_("Your role does not talk with citizens."))
    with transaction.atomic():
        conversation = locked(conversation_id)
        if not conversation.is_open:
            raise NotAllowed(_("This conversation is closed."))
        if conversation.owner == Owner.AGENT:
            if conversation.agent_id == user.pk:
                return conversation
            if not may(user, Right.SUPERVISE):
                raise NotAllowed(_("%s has this conversation already.") % conversation.agent)
        if user.role == Role.AGENT and not has_room(user):
            raise NotAllowed(
                _("You have %d talks already. End one or pass one on first.") % user.talk_limit
            )
        change_owner(conversation, Owner.AGENT, by=Author.AGENT, user=user, note=note)
        tell(conversation, _("%s is with you now.") % user, user=user)
    return conversation


def hand_back(conversation_id: int, user: User, note: str = "") -> Conversation:
    """Back to the bot, by the agent who has the talk."""
    words = _("The colleague has left. You can go on asking me.")
    return _let_go(conversation_id, user, Owner.BOT, words, note)


def requeue(conversation_id: int, user: User, note: str = "") -> Conversation:
    """Back to the queue, for another agent."""
    words = _("We are passing you to a colleague. Please wait.")
    return _let_go(conversation_id, user, Owner.QUEUE, words, note)


def close(conversation_id: int, user: User, note: str = "") -> Conversation:
    """The talk is over; the citizen's next message opens a new one."""
    words = _("This talk has ended. Write again whenever you need us.")
    return _let_go(conversation_id, user, Owner.BOT, words, note, is_over=True)


def _let_go(
    conversation_id: int,
    user: User,
    after: Owner,
    words: str,
    note: str,
    *,
    is_over: bool = False,
) -> Conversation:
    """The agent who has the talk gives it up, and the citizen hears so.

    The words are written under the new owner's epoch: under the old one they would not be sent.
    """
    with transaction.atomic():
        conversation = locked(conversation_id)
        require_own(conversation, user)
        if is_over:
            _end(conversation)
        change_owner(conversation, after, by=Author.AGENT, user=user, note=note)
        tell(conversation, words, user=user)
    return conversation


def close_idle(limit: int = 100) -> int:
    """Close what has been silent for a day; returns how many."""
    idle = Conversation.objects.filter(
        closed_at__isnull=True, last_at__lt=timezone.now() - IDLE_AFTER
    ).values_list("pk", flat=True)[:limit]
    closed = 0
    for number in list(idle):
        with transaction.atomic():
            conversation = locked(number)
            if conversation.is_open and conversation.last_at < timezone.now() - IDLE_AFTER:
                end_idle(conversation)
                closed += 1
    return closed


def end_idle(conversation: Conversation) -> None:
    """Close a locked conversation that has fallen silent."""
    _end(conversation)
    change_owner(conversation, Owner.BOT, by=Author.SYSTEM)


def _end(conversation: Conversation) -> None:
    conversation.closed_at = timezone.now()
    conversation.draft = None


def require_own(conversation: Conversation, user: User) -> None:
    if not conversation.is_open:
        raise NotAllowed(_("This conversation is closed."))
    if conversation.owner != Owner.AGENT or conversation.agent_id != user.pk:
        raise NotAllowed(_("You do not have this conversation. Take it over first."))


def has_room(user: User) -> bool:
    """Whether the user has fewer talks than their limit. Inside a transaction: it locks them, so
    that two workers cannot both fill the last place."""
    limit = User.objects.select_for_update().values_list("talk_limit", flat=True).get(pk=user.pk)
    return talks_of(user).count() < limit


def talks_of(user: User) -> QuerySet[Conversation]:
    return Conversation.objects.filter(owner=Owner.AGENT, agent=user, closed_at__isnull=True)


def tell(
    conversation: Conversation,
    text: str,
    *,
    user: User | None = None,
    may_cancel: bool = False,
) -> None:
    """A system line that the citizen reads too; with `may_cancel` they can stop waiting there."""
    options = (Option(id=CANCEL_AGENT.id, label=CANCEL_AGENT.label),) if may_cancel else ()
    row = outbox.write(conversation, Author.SYSTEM, [Part(text=text, options=options)])
    offered = [{"id": option.id, "label": option.label} for option in options]
    Message.objects.create(
        conversation=conversation,
        author=Author.SYSTEM,
        user=user,
        text=text,
        options=offered,
        outbound=row,
    )
    if offered:
        conversation.offered = offered
        conversation.save(update_fields=["offered"])
