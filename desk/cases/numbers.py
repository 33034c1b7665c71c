"""Case numbers: the day in Shanghai and a count, twelve digits (longer after 9,999 a day)."""

from datetime import datetime

from desk.cases.models import CaseCounter
from desk.cases.moments import day_of
from desk.conversations.models import Conversation


def number_for(conversation: Conversation | None, now: datetime) -> str:
    """Of a case out of this talk: a practice takes none of the day's numbers."""
    if conversation is not None and conversation.is_practice:
        return f"LX{conversation.pk:010d}"
    return next_number(now)


def next_number(now: datetime) -> str:
    """The next number of the day. Inside a transaction: the counter's row is the lock."""
    day = day_of(now)
    CaseCounter.objects.get_or_create(day=day)
    counter = CaseCounter.objects.select_for_update().get(day=day)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"{day:%Y%m%d}{counter.last:04d}"
