"""What a person at the desk says: to the citizen, or to colleagues only."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from desk.conversations import outbox
from desk.conversations.live import announce
from desk.conversations.models import Attachment, Author, Conversation, Message
from desk.conversations.ownership import NotAllowed, locked, require_own
from desk.conversations.sent_files import Upload, keep
from desk.people.models import User
from desk.people.rights import Right, may
from wire.messages import File, Part

LONGEST = 4000  # characters


class CitizenWrote(Exception):
    """The citizen wrote while the agent typed: look first, then send anyway."""


def say(
    conversation_id: int,
    user: User,
    text: str,
    *,
    seen: int | None = None,
    files: Sequence[Upload] = (),
) -> Message:
    """Send an agent's words, then the files, each with a delivery of its own; returns the last.

    `seen` is the id of the last message on the agent's screen; raises `CitizenWrote` when the
    citizen wrote after it, `NotAllowed` when the talk is not this agent's or nothing can be sent.
    """
    text = checked(text) if text.strip() or not files else ""
    # Looked at before the files are kept, and again under the lock.
    _require(Conversation.with_practice.get(pk=conversation_id), user, seen)
    kept = keep(files)
    with transaction.atomic():
        conversation = locked(conversation_id)
        _require(conversation, user, seen)
        if text:
            message = _said(conversation, user, Part(text=text), text=text)
        for file in kept:
            message = _said(conversation, user, Part(file=file), kind=file.kind)
            Attachment.objects.create(
                message=message,
                kind=file.kind,
                key=file.key,
                name=file.name,
                content_type=file.content_type,
                size=file.size,
            )
        conversation.last_at = timezone.now()
        conversation.last_words = (text or _in_words(kept[-1]))[:80]
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


def _require(conversation: Conversation, user: User, seen: int | None) -> None:
    require_own(conversation, user)
    if seen is not None and newer_from_citizen(conversation.pk, seen):
        raise CitizenWrote


def _said(conversation: Conversation, user: User, part: Part, **kept: str) -> Message:
    row = outbox.write(conversation, Author.AGENT, [part])
    return Message.objects.create(
        conversation=conversation, author=Author.AGENT, user=user, outbound=row, **kept
    )


def _in_words(file: File) -> str:
    return _("[picture]") if file.kind == "image" else _("[file] %s") % file.name


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
