"""The words that a person has typed and not sent: kept by the server, so no device loses them."""

from __future__ import annotations

from datetime import datetime

from desk.composing.models import UnsentWords
from desk.conversations.models import Conversation
from desk.conversations.speaking import LONGEST
from desk.people.models import User


def keep(conversation: Conversation, user: User, text: str, *, is_note: bool, at: datetime) -> None:
    """Keep the newest state of the box; an empty box keeps nothing."""
    if not text.strip():
        forget(conversation.pk, user)
        return
    UnsentWords.objects.update_or_create(
        conversation=conversation,
        user=user,
        defaults={"text": text[:LONGEST], "is_note": is_note, "saved_at": at},
    )


def kept(conversation: Conversation, user: User) -> UnsentWords | None:
    return UnsentWords.objects.filter(conversation=conversation, user=user).first()


def forget(conversation: int, user: User) -> None:
    UnsentWords.objects.filter(conversation=conversation, user=user).delete()
