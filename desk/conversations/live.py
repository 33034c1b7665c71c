"""Tells open pages that something changed. The row is the truth; Redis only wakes who waits."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from django.db import transaction
from redis.exceptions import RedisError

from desk.conversations.bus import LIVE_CHANNEL, after_commit
from desk.conversations.models import LiveEvent

log = structlog.get_logger(__name__)


def announce(kind: str, *, hotline: str, conversation: int | None = None, case: str = "") -> None:
    """Record a change and wake the pages after the commit.

    `kind` is one of `LiveEvent.kind`.
    """
    event = LiveEvent.objects.create(
        kind=kind, hotline_id=hotline, conversation_id=conversation, case=case
    )
    transaction.on_commit(lambda: wake(event.pk))


def announce_all(events: Sequence[LiveEvent]) -> None:
    """Record many changes at once; pages catch up from the newest."""
    if made := LiveEvent.objects.bulk_create(events):
        newest = made[-1].pk
        transaction.on_commit(lambda: wake(newest))


def wake(event: int) -> None:
    try:
        after_commit().publish(LIVE_CHANNEL, event)
    except RedisError as error:
        # The pages look at the table every few seconds as well.
        log.warning("pages were not woken", error=type(error).__name__)
