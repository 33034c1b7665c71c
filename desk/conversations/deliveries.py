"""Takes in what became of each Outbound, and where citizens' files are kept."""

from __future__ import annotations

import time
from typing import Any

import structlog
from django.db import transaction

from desk.conversations import record
from desk.conversations.live import announce
from desk.conversations.models import DeliveryStatus, OutboundMessage
from desk.conversations.streams import make_group, trim
from desk.telling import outcomes
from wire import keys
from wire.messages import FIELD, IS_MEDIA, TYPE_FIELD, Delivery, MediaFetched, NotAMessage, decode

log = structlog.get_logger(__name__)

GROUP = "desk"
BATCH = 100
BLOCK_MS = 500
GATHER = 0.2  # seconds: a transaction for many costs as much as for one
LEFT_BY_A_DEAD_WORKER_MS = 10_000
MEDIA_WAITS_FOR = 3600  # seconds


class DeliveryLoop:
    """One thread of a worker; all workers share the group."""

    def __init__(self, redis: Any, worker: str) -> None:
        self._redis = redis
        self._worker = worker

    def prepare(self) -> None:
        make_group(self._redis, keys.DELIVERIES, GROUP)

    def read(self) -> None:
        read = self._redis.xreadgroup(
            GROUP, self._worker, {keys.DELIVERIES: ">"}, count=BATCH, block=BLOCK_MS
        )
        if read:
            self._take(read[0][1])
            time.sleep(GATHER)

    def take_over(self) -> None:
        """What a dead worker had read but not written."""
        claimed = self._redis.xautoclaim(
            keys.DELIVERIES, GROUP, self._worker, LEFT_BY_A_DEAD_WORKER_MS, "0", count=BATCH
        )
        if claimed[1]:
            self._take(claimed[1])

    def trim(self) -> None:
        trim(self._redis, keys.DELIVERIES)

    def _take(self, entries: list[tuple[bytes, dict[bytes, bytes] | None]]) -> None:
        deliveries: list[Delivery] = []
        media: dict[bytes, MediaFetched] = {}
        for entry, fields in entries:
            body = (fields or {}).get(FIELD, b"")
            try:
                if (fields or {}).get(TYPE_FIELD) == IS_MEDIA:
                    media[entry] = decode(body, MediaFetched)
                else:
                    deliveries.append(decode(body, Delivery))
            except NotAMessage:
                log.error("not a delivery, dropped", entry=entry.decode())
        with transaction.atomic():
            _write(deliveries)
            early = {entry for entry, fetched in media.items() if not _keep(fetched)}
        # A file can be there before its message is recorded: it is looked at again.
        waiting = {entry for entry in early if not _is_old(entry)}
        done = [entry for entry, _fields in entries if entry not in waiting]
        if done:
            self._redis.xack(keys.DELIVERIES, GROUP, *done)


def _write(deliveries: list[Delivery]) -> None:
    if not deliveries:
        return
    known = {
        number: (status, conversation, hotline)
        for number, status, conversation, hotline in OutboundMessage.objects.filter(
            pk__in=[delivery.outbound for delivery in deliveries]
        ).values_list("pk", "status", "conversation_id", "conversation__hotline_id")
    }
    alike: dict[tuple[str, str, str], dict[str, Delivery]] = {}
    for delivery in deliveries:
        status = known[delivery.outbound][0] if delivery.outbound in known else ""
        if _is_news(status, delivery.state):
            end = (delivery.state.value, delivery.via, delivery.reason[:60])
            alike.setdefault(end, {})[delivery.outbound] = delivery
    for (state, via, reason), these in alike.items():
        OutboundMessage.objects.filter(pk__in=list(these)).update(
            status=state,
            via=via,
            reason=reason,
            delivered_at=max(delivery.at for delivery in these.values()),
        )
    outcomes.note({name: one for these in alike.values() for name, one in these.items()})
    for number, hotline in {known[name][1:] for these in alike.values() for name in these}:
        announce("delivery", hotline=hotline, conversation=number)


def _is_news(before: str, after: str) -> bool:
    """What a platform confirmed stays; `unknown` may still be cleared up."""
    if before == DeliveryStatus.PENDING:
        return True
    return before == DeliveryStatus.UNKNOWN and after != DeliveryStatus.UNKNOWN


def _is_old(entry: bytes) -> bool:
    """Whether a stream entry was added so long ago that its message will not come any more."""
    return time.time() - int(entry.split(b"-")[0]) / 1000 > MEDIA_WAITS_FOR


def _keep(fetched: MediaFetched) -> bool:
    """Note where a file is kept; False when there is no such message yet."""
    found = record.media_fetched(
        fetched.account,
        fetched.message_id,
        fetched.platform_id,
        key=fetched.key,
        content_type=fetched.content_type[:60],
        size=fetched.size,
        reason=fetched.reason[:60],
    )
    message = record.message_of(fetched.account, fetched.message_id)
    if message is not None:
        announce(
            "message",
            hotline=message.conversation.hotline_id,
            conversation=message.conversation_id,
        )
    return found > 0
