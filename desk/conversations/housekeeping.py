"""What has to be looked after whether or not anybody writes."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from desk.conversations.models import Conversation, LiveEvent, Owner
from desk.conversations.outbox import mirror_epoch, relay_pending
from desk.conversations.ownership import close_idle

EVENTS_KEPT = timedelta(days=1)
TALKS = 500


def every_second() -> None:
    relay_pending()


def every_minute() -> None:
    close_idle()
    _mirror_epochs()
    LiveEvent.objects.filter(at__lt=timezone.now() - EVENTS_KEPT).delete()


def _mirror_epochs() -> None:
    """Talks that a person has or waits for: a Redis that lost its memory learns them again."""
    talks = (
        Conversation.objects.filter(closed_at__isnull=True)
        .exclude(owner=Owner.BOT)
        .values_list("pk", "epoch")[:TALKS]
    )
    for number, epoch in talks:
        mirror_epoch(number, epoch)
