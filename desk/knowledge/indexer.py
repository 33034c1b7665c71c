"""Carries index tasks out: reads the rows as they are now, writes them, forgets the tasks.

One worker at a time does it, and compares the whole index with the database when it begins and
once a day. It is woken through Redis after each commit; without Redis it looks
every second.
"""

from __future__ import annotations

import threading
import time
from uuid import uuid4

import structlog
from django.conf import settings
from django.utils import timezone
from redis.exceptions import RedisError

from desk.conversations.bus import INDEX_CHANNEL, redis
from desk.knowledge.models import Entry, IndexTask
from desk.knowledge.rebuilding import rebuild_index
from desk.knowledge.reconciling import reconcile
from desk.quality.models import Cause
from desk.quality.runs import want_run
from desk.synonyms.publishing import publish_if_changed, reconcile_synonyms
from kb_index.index import Index, IndexUnavailable, NotAnIndex
from kb_index.opening import open_index

log = structlog.get_logger(__name__)

BATCH = 200
LEASE = "qm:indexer"
LEASE_MS = 5000
POLL = 1.0  # seconds
RECONCILE_EVERY = 24 * 3600.0  # seconds; also when a worker begins
_RENEW = """
local holder = redis.call('GET', KEYS[1])
if holder == false or holder == ARGV[1] then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
  return 1
end
return 0
"""


def run(stop: threading.Event) -> None:
    """Index until the stop."""
    name = uuid4().hex
    index = open_live_index()
    with redis().pubsub(ignore_subscribe_messages=True) as waiting:
        waiting.subscribe(INDEX_CHANNEL)
        lease_until = reconcile_at = 0.0
        while not stop.is_set():
            if time.monotonic() > lease_until - 2 and _lease(name):
                lease_until = time.monotonic() + LEASE_MS / 1000
            if time.monotonic() < lease_until:
                if time.monotonic() >= reconcile_at and compare(index):
                    reconcile_at = time.monotonic() + RECONCILE_EVERY
                _carry_out_all(index)
            waiting.get_message(timeout=POLL)
    _release(name)


def open_live_index() -> Index:
    qianmen = settings.QIANMEN
    return open_index(qianmen.home, qianmen.elasticsearch_url)


def carry_out(index: Index) -> int:
    """One batch of tasks; returns how many. Raises `IndexUnavailable`: then they stay."""
    tasks = list(IndexTask.objects.order_by("id")[:BATCH])
    if not tasks:
        return 0
    names = list(dict.fromkeys(task.external_id for task in tasks))
    live = {
        entry.external_id: entry.to_article()
        for entry in Entry.objects.filter(external_id__in=names, live=True).select_related(
            "department", "category"
        )
    }
    index.write(list(live.values()), [name for name in names if name not in live])
    IndexTask.objects.filter(pk__in=[task.pk for task in tasks]).delete()
    return len(tasks)


def _carry_out_all(index: Index) -> None:
    written, renamed = 0, False
    try:
        while count := carry_out(index):
            written += count
        renamed = publish_if_changed(index)
    except IndexUnavailable as error:
        log.warning("index waits", error=str(error))
        time.sleep(POLL)
    if written or renamed:
        want_run(Cause.PUBLISHED if written else Cause.SYNONYMS, timezone.now())


def compare(index: Index) -> bool:
    """Whether index and database agree now, or will when the tasks are carried out."""
    try:
        reconcile(index)
        reconcile_synonyms(index)
    except NotAnIndex:
        return _rebuilt()
    except IndexUnavailable as error:
        log.warning("index not compared", error=str(error))
        return False
    return True


def _rebuilt() -> bool:
    """What another version wrote cannot be read: a new one is built from the database."""
    log.info("the index is of another version and is built anew")
    try:
        rebuild_index(settings.QIANMEN, lambda _done, _total: None)
    except IndexUnavailable as error:
        log.warning("index not rebuilt", error=str(error))
        return False
    return True


def _lease(name: str) -> bool:
    return bool(redis().eval(_RENEW, 1, LEASE, name, LEASE_MS))


def _release(name: str) -> None:
    try:
        if redis().get(LEASE) == name.encode():
            redis().delete(LEASE)
    except RedisError:
        log.warning("indexer lease runs out by itself")
