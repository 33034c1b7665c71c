"""The complaint's draft as the conversation's row keeps it, and what the citizen may tap."""

from __future__ import annotations

import msgspec

from actions.protocol import Draft, Option
from desk.conversations.models import Author, Conversation, Message

# What a platform's fixed menu, or a first visit, may choose without having been offered it.
ALWAYS_OFFERED = frozenset({"greet", "agent", "complain", "case_status"})
LOOKED_BACK = 20  # messages whose options can still be tapped on the citizen's screen


def draft_of(conversation: Conversation | None) -> Draft | None:
    if conversation is None or conversation.draft is None:
        return None
    return msgspec.convert(conversation.draft, Draft)


def stored(draft: Draft | None) -> object:
    return None if draft is None else msgspec.to_builtins(draft)


def offered_in(conversation: Conversation | None) -> tuple[Option, ...]:
    """The options of the last turn: what a typed number means."""
    if conversation is None:
        return ()
    return msgspec.convert(conversation.offered, tuple[Option, ...])


def may_choose(choice: str, conversation: Conversation | None) -> bool:
    """Whether this talk was ever offered the option; anybody can send any name."""
    if choice in ALWAYS_OFFERED or any(o.id == choice for o in offered_in(conversation)):
        return True
    if conversation is None:
        return False
    earlier = (
        Message.objects.filter(conversation=conversation, author__in=[Author.BOT, Author.SYSTEM])
        .order_by("-id")
        .values_list("options", flat=True)[:LOOKED_BACK]
    )
    return any(option["id"] == choice for options in earlier for option in options)
