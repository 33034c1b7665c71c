"""Colleagues who are named in a note: found by `@` and their name, told in their list."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction

from desk.composing.models import Mention
from desk.conversations import speaking
from desk.conversations.live import announce
from desk.conversations.models import Conversation, Message
from desk.people.models import User
from desk.people.rights import Right, staff_for


def colleagues(conversation: Conversation, user: User) -> list[User]:
    """Who reads this talk besides oneself; who is at the desk stands first."""
    staff = staff_for(conversation.hotline_id, Right.READ_CONVERSATIONS).exclude(pk=user.pk)
    return sorted(staff, key=lambda other: (not other.is_present, str(other)))


def named_in(text: str, staff: Iterable[User]) -> list[User]:
    """The people whose whole name follows an `@`; of two that fit, the longer name."""
    found = []
    for other in sorted(staff, key=lambda other: -len(str(other))):
        name = f"@{other}"
        if name in text:
            found.append(other)
            text = text.replace(name, " ")
    return found


def note(conversation: Conversation, user: User, text: str) -> Message:
    """Keep a note, and tell the colleagues whom it names. Raises `NotAllowed`."""
    with transaction.atomic():
        message = speaking.note(conversation.pk, user, text)
        # Nobody else can open somebody's practice.
        others = [] if conversation.is_practice else colleagues(conversation, user)
        named = named_in(message.text, others)
        Mention.objects.bulk_create(
            Mention(user=other, message=message, conversation=conversation) for other in named
        )
        if named:
            announce("mention", hotline=conversation.hotline_id, conversation=conversation.pk)
    return message


def unseen_of(user: User) -> dict[int, int]:
    """How often a person is named in notes that they have not seen, by conversation."""
    return unseen_by([user.pk]).get(user.pk, {})


def unseen_by(users: Collection[int]) -> dict[int, dict[int, int]]:
    """The same for several people."""
    counts: dict[int, dict[int, int]] = {}
    rows = Mention.objects.filter(user__in=users, seen_at__isnull=True)
    for user, conversation in rows.values_list("user_id", "conversation_id"):
        own = counts.setdefault(user, {})
        own[conversation] = own.get(conversation, 0) + 1
    return counts


def mark_seen(conversation: Conversation, user: User, at: datetime) -> None:
    rows = Mention.objects.filter(conversation=conversation, user=user, seen_at__isnull=True)
    with transaction.atomic():
        if rows.update(seen_at=at):
            announce("read", hotline=conversation.hotline_id, conversation=conversation.pk)
