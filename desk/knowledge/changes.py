"""Every change of what citizens may be told becomes a task for the indexer."""

from __future__ import annotations

from typing import Any

import structlog
from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver
from redis.exceptions import RedisError
from wagtail.signals import published, unpublished

from desk.conversations.bus import INDEX_CHANNEL, redis
from desk.knowledge.models import Entry, IndexTask

log = structlog.get_logger(__name__)


@receiver(published, sender=Entry)
@receiver(unpublished, sender=Entry)
@receiver(post_delete, sender=Entry)
def on_change(sender: type[Entry], instance: Entry, **_kwargs: Any) -> None:
    """Wagtail fires these inside a transaction or not, and also for one that is rolled back: the
    task names only the entry, and whoever carries it out reads the row."""
    entry_changed(instance.external_id)


def entry_changed(external_id: str) -> None:
    IndexTask.objects.create(external_id=external_id)
    waiting = [hook[1] for hook in transaction.get_connection().run_on_commit]
    if wake_indexer not in waiting:  # once a transaction, however much it changes
        transaction.on_commit(wake_indexer)


def wake_indexer() -> None:
    try:
        redis().publish(INDEX_CHANNEL, b"1")
    except RedisError as error:
        log.warning("indexer was not woken", error=type(error).__name__)
