"""Why the bot answered, asked back, offered a choice or found nothing: how often each."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from desk.conversations.models import Message
from desk.conversations.wording import reason_in_words


@dataclass(frozen=True)
class OfReason:
    words: str
    number: int


def by_reason(told: QuerySet[Message]) -> list[OfReason]:
    """Most first."""
    rows = (
        told.values_list("status", "reason")
        .annotate(number=Count("id"))
        .order_by("-number", "status", "reason")
    )
    return [
        OfReason(reason_in_words(Message(author="bot", status=status, reason=reason)), number)
        for status, reason, number in rows
    ]
