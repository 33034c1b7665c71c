"""Every change of what citizens may be told becomes a task for the indexer."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Any

import structlog
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from redis.exceptions import RedisError
from wagtail.signals import published, unpublished

from desk.after_commit import once_after_commit
from desk.conversations.bus import INDEX_CHANNEL, redis
from desk.knowledge.models import Category, Entry, IndexTask
from desk.people.models import Department

log = structlog.get_logger(__name__)
_is_away = threading.Event()


@receiver(published, sender=Entry)
@receiver(unpublished, sender=Entry)
@receiver(post_delete, sender=Entry)
def on_change(sender: type[Entry], instance: Entry, **_kwargs: Any) -> None:
    """Wagtail fires these inside a transaction or not, and also for one that is rolled back: the
    task names only the entry, and whoever carries it out reads the row."""
    entry_changed(instance.external_id)


@receiver(post_save, sender=Department)
@receiver(post_save, sender=Category)
def on_new_name(
    sender: type[Department | Category],
    instance: Department | Category,
    created: bool,
    **_kwargs: Any,
) -> None:
    """The index names departments and categories: their entries are written to it again."""
    if created:
        return
    of_it = {"department": instance} if sender is Department else {"category": instance}
    live = Entry.objects.filter(live=True, **of_it).values_list("external_id", flat=True)
    entries_changed(live.iterator())


def entry_changed(external_id: str) -> None:
    entries_changed([external_id])


def entries_changed(external_ids: Iterable[str]) -> None:
    IndexTask.objects.bulk_create(
        (IndexTask(external_id=name) for name in external_ids), batch_size=500
    )
    _wake_after_commit()


def _wake_after_commit() -> None:
    once_after_commit(wake_indexer)


def wake_indexer() -> None:
    """Without Redis it looks by itself every second; that is said once, until Redis is back."""
    try:
        redis().publish(INDEX_CHANNEL, b"1")
    except RedisError as error:
        if not _is_away.is_set():
            log.warning("indexer was not woken", error=type(error).__name__)
        _is_away.set()
    else:
        _is_away.clear()
