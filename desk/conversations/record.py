"""Finds a citizen's open talk, and writes down what was said."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from actions.protocol import Decision, Reply
from desk.conversations.models import (
    Attachment,
    Author,
    Citizen,
    Conversation,
    Message,
    OutboundMessage,
    Owner,
)
from desk.conversations.ownership import IDLE_AFTER, end_idle, locked
from desk.people.serving import serving
from wire.messages import Inbound


def open_talk(inbound: Inbound) -> Conversation | None:
    """The citizen's talk that a message belongs to, as it stands; None: a new one begins."""
    talk = _unclosed(inbound)
    return None if talk is None or _is_idle(talk) else talk


def open_conversation(inbound: Inbound, known: Conversation | None) -> Conversation:
    """The citizen's open talk under its row lock, made when there is none.

    `known` is the talk as it stood a moment ago, and saves the search for it.
    """
    if known is not None:
        [conversation] = Conversation.objects.select_for_update().filter(pk=known.pk)
        conversation.citizen = known.citizen
        if conversation.is_open and not _is_idle(conversation):
            return conversation
    return _other_or_new(inbound)


def _other_or_new(inbound: Inbound) -> Conversation:
    found = _unclosed(inbound)
    if found is not None:
        conversation = locked(found.pk)
        if not _is_idle(conversation):
            return conversation
        end_idle(conversation)
    citizen, _created = Citizen.objects.get_or_create(
        account=inbound.account,
        external_id=inbound.external_id,
        defaults={"channel": inbound.channel},
    )
    # Asked again inside the transaction: the line may have been merged since the router asked.
    return Conversation.objects.create(citizen=citizen, hotline_id=serving(inbound.hotline))


def _unclosed(inbound: Inbound) -> Conversation | None:
    found = Conversation.objects.select_related("citizen").filter(
        citizen__account=inbound.account,
        citizen__external_id=inbound.external_id,
        closed_at__isnull=True,
    )[:1]
    return next(iter(found), None)


def _is_idle(conversation: Conversation) -> bool:
    return conversation.last_at < timezone.now() - IDLE_AFTER


def citizen_message(
    conversation: Conversation, inbound: Inbound, decision: Decision | None
) -> Message:
    message = Message.objects.create(
        conversation=conversation,
        author=Author.CITIZEN,
        text=inbound.text,
        kind=inbound.kind,
        account=inbound.account,
        platform_id=inbound.message_id,
        intent=decision.intent[:20] if decision else "",
        status=decision.status if decision else "",
        reason=decision.reason[:40] if decision else "",
    )
    if inbound.media:
        Attachment.objects.bulk_create(
            Attachment(
                message=message,
                platform_id=media.platform_id,
                kind=media.kind,
                key=media.key,
            )
            for media in inbound.media
        )
    return message


# What `citizen_spoke` changes.
SPOKEN = ("last_at", "last_words", "last_from", "unread", "unanswered_at")


def citizen_spoke(conversation: Conversation, words: str, at: datetime) -> None:
    """How the talk stands after a citizen's words; the caller saves `SPOKEN`."""
    conversation.last_at = at
    conversation.last_words = words[:80]
    conversation.last_from = Author.CITIZEN
    if conversation.owner != Owner.BOT:
        conversation.unread += 1
    if conversation.owner == Owner.AGENT and conversation.unanswered_at is None:
        conversation.unanswered_at = at


def bot_messages(
    conversation: Conversation,
    replies: list[Reply],
    decision: Decision,
    row: OutboundMessage,
) -> None:
    Message.objects.bulk_create(
        Message(
            conversation=conversation,
            author=Author.BOT,
            text=reply.text,
            options=[{"id": option.id, "label": option.label} for option in reply.options],
            intent=decision.intent[:20],
            status=decision.status,
            reason=decision.reason[:40],
            entry=reply.entry,
            outbound=row,
        )
        for reply in replies
    )


def media_fetched(account: str, message_id: str, platform_id: str, **kept: object) -> int:
    """Note where a citizen's file is kept now; returns how many rows it was."""
    with transaction.atomic():
        return Attachment.objects.filter(
            message__account=account, message__platform_id=message_id, platform_id=platform_id
        ).update(**kept)


def message_of(account: str, message_id: str) -> Message | None:
    """The citizen's message with this platform id, with its conversation."""
    return (
        Message.objects.select_related("conversation__citizen")
        .filter(account=account, platform_id=message_id)
        .first()
    )
