"""What a person at the desk says: to the citizen, or to colleagues only."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from desk.conversations import outbox
from desk.conversations.live import announce
from desk.conversations.models import Author, Message
from desk.conversations.ownership import NotAllowed, locked, require_own
from desk.people.models import User
from desk.people.rights import Right, may
from wire.messages import Part

LONGEST = 4000  # characters


class CitizenWrote(Exception):
    """The citizen wrote while the agent typed: look first, then send anyway."""


def say(conversation_id: int, user: User, text: str, *, seen: int | None = None) -> Message:
    """Send an agent's words.

    `seen` is the id of the last message on the agent's screen; raises `CitizenWrote` when the
    citizen wrote after it, `NotAllowed` when the talk is not this agent's.
    """
    text = checked(text)
    with transaction.atomic():
        conversation = locked(conversation_id)
        require_own(conversation, user)
        if seen is not None and newer_from_citizen(conversation_id, seen):
            raise CitizenWrote
        row = outbox.write(conversation, Author.AGENT, [Part(text=text)])
        message = Message.objects.create(
            conversation=conversation, author=Author.AGENT, user=user, text=text, outbound=row
        )
        conversation.last_at = timezone.now()
        conversation.last_words = text[:80]
        conversation.last_from = Author.AGENT
        conversation.unread = 0
        conversation.unanswered_at = conversation.warned_at = None
        conversation.save(
            update_fields=[
                "last_at",
                "last_words",
                "last_from",
                "unread",
                "unanswered_at",
                "warned_at",
            ]
        )
        announce("message", hotline=conversation.hotline_id, conversation=conversation.pk)
    return message


def note(conversation_id: int, user: User, text: str) -> Message:
    """A line for colleagues; citizens never see it."""
    text = checked(text)
    if not may(user, Right.READ_CONVERSATIONS):
        raise NotAllowed(_("Your role does not read conversations."))
    with transaction.atomic():
        conversation = locked(conversation_id)
        message = Message.objects.create(
            conversation=conversation, author=Author.NOTE, user=user, text=text
        )
        announce("message", hotline=conversation.hotline_id, conversation=conversation.pk)
    return message


def mark_read(conversation_id: int) -> None:
    with transaction.atomic():
        conversation = locked(conversation_id)
        if conversation.unread:
            conversation.unread = 0
            conversation.save(update_fields=["unread"])
            announce("read", hotline=conversation.hotline_id, conversation=conversation.pk)


def checked(text: str) -> str:
    text = text.strip()
    if not text:
        raise NotAllowed(_("There is nothing to send."))
    if len(text) > LONGEST:
        raise NotAllowed(_("This is too long: at most %d characters.") % LONGEST)
    return text


def newer_from_citizen(conversation_id: int, seen: int) -> bool:
    return Message.objects.filter(
        conversation_id=conversation_id, author=Author.CITIZEN, pk__gt=seen
    ).exists()
