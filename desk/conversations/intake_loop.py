"""Reads the leased partitions and hands each message to its lane; acknowledges after the commit."""

from __future__ import annotations

import threading
import time
from typing import Any

import structlog
from django.db import Error as DatabaseError
from django.db import connection
from redis.exceptions import RedisError

from desk.conversations.bus import one_round_trip
from desk.conversations.lanes import Lanes
from desk.conversations.leases import Leases
from desk.conversations.router import Fence, LostPartition, Router
from desk.conversations.streams import make_group, trim
from wire import keys
from wire.messages import FIELD, Inbound, NotAMessage, decode

log = structlog.get_logger(__name__)

GROUP = "router"
CONSUMER = "leaseholder"  # one name for all: whoever leases next reads what was left first
BLOCK_MS = 500
BATCH = 32
MOST_IN_FLIGHT = 256
DEAD = "qm:dead"
TRIES = 5
PAUSE = 0.3  # seconds


class IntakeLoop:
    """Owned by the worker's main thread; lanes acknowledge from theirs."""

    def __init__(self, redis: Any, router: Router, leases: Leases, lanes: Lanes) -> None:
        self._redis = redis
        self._router = router
        self._leases = leases
        self._lanes = lanes
        self._lock = threading.Lock()
        self._under_way: set[tuple[int, bytes]] = set()
        self._failed: set[int] = set()  # partitions with something to be read again
        self._prepared: dict[int, Fence] = {}

    def prepare(self) -> None:
        """Make the groups of newly leased partitions and read what a predecessor left."""
        for partition, fence in list(self._leases.held.items()):
            if self._prepared.get(partition) == fence:
                continue
            make_group(self._redis, keys.inbound(partition), GROUP)
            with self._lock:
                self._failed.add(partition)
            self._prepared[partition] = fence

    def read(self) -> None:
        """One round: first what is unacknowledged, then what is new."""
        try:
            self._read()
        except RedisError:
            # Entries may have been given out in an answer that was lost: all is read again.
            self._prepared.clear()
            raise

    def _read(self) -> None:
        self._read_again()
        streams = {keys.inbound(partition): ">" for partition in self._leases.held}
        if not streams:
            return
        if not self._lanes.wait_below(MOST_IN_FLIGHT, BLOCK_MS / 1000):
            return
        for stream, entries in (
            self._redis.xreadgroup(GROUP, CONSUMER, streams, count=BATCH, block=BLOCK_MS) or []
        ):
            self._take(stream, entries)

    def busy(self, partition: int) -> bool:
        with self._lock:
            return any(number == partition for number, _entry in self._under_way)

    def trim(self) -> None:
        """Drop acknowledged entries below the oldest that is still pending."""
        # What is leased just now may have no group yet.
        for partition in self._prepared.keys() & self._leases.held.keys():
            trim(self._redis, keys.inbound(partition))

    def _read_again(self) -> None:
        with self._lock:
            again, self._failed = self._failed & set(self._leases.held), set()
        for partition in again:
            after = "0"
            while entries := self._pending_after(partition, after):
                self._take(keys.inbound(partition).encode(), entries)
                after = entries[-1][0].decode()

    def _pending_after(
        self, partition: int, after: str
    ) -> list[tuple[bytes, dict[bytes, bytes] | None]]:
        read = self._redis.xreadgroup(
            GROUP, CONSUMER, {keys.inbound(partition): after}, count=BATCH
        )
        return read[0][1] if read else []

    def _take(self, stream: bytes, entries: list[tuple[bytes, dict[bytes, bytes] | None]]) -> None:
        partition = int(stream.rsplit(b":", 1)[1])
        fence = self._leases.held.get(partition)
        if fence is None:
            return
        for entry, fields in entries:
            with self._lock:
                if (partition, entry) in self._under_way:
                    continue
                self._under_way.add((partition, entry))
            try:
                inbound = decode((fields or {}).get(FIELD, b""), Inbound)
            except NotAMessage:
                log.error("not a message, put aside", partition=partition, entry=entry.decode())
                if self._put_aside(partition, entry, fields):
                    self._finish(partition, entry, self._redis.pipeline(transaction=False))
                else:
                    self._forget(partition, entry, again=True)
                continue
            self._lanes.add(
                f"{inbound.account}\0{inbound.external_id}",
                lambda e=entry, i=inbound, f=fence: self._handle(e, i, f),  # type: ignore[misc]
            )

    def _handle(self, entry: bytes, inbound: Inbound, fence: Fence) -> None:
        """Route until it is done, in place: what stands behind it in the lane must wait."""
        for attempt in range(TRIES):
            try:
                with one_round_trip() as commands:
                    self._route(inbound, fence)
                    self._finish(fence.partition, entry, commands)
                return
            except LostPartition:
                log.warning("partition lost", partition=fence.partition)
                self._forget(fence.partition, entry, again=True)
                return
            except Exception:
                # A message that breaks the router must not stop those behind it for ever.
                log.exception("router failed", message_id=inbound.message_id)
                time.sleep(PAUSE * attempt)
        if self._put_aside(fence.partition, entry, None):
            self._finish(fence.partition, entry, self._redis.pipeline(transaction=False))
        else:
            self._forget(fence.partition, entry, again=True)

    def _route(self, inbound: Inbound, fence: Fence) -> None:
        """Route; while the database cannot be had, wait for it as long as the lease is ours."""
        while self._leases.held.get(fence.partition) == fence:
            try:
                self._router.route(inbound, fence)
                return
            except DatabaseError as error:
                log.warning(
                    "not recorded, tried again",
                    message_id=inbound.message_id,
                    error=type(error).__name__,
                )
                connection.close()
                time.sleep(PAUSE)
        raise LostPartition(f"partition {fence.partition}")

    def _finish(self, partition: int, entry: bytes, commands: Any) -> None:
        """Acknowledge it, after all that its commit asked for."""
        commands.xack(keys.inbound(partition), GROUP, entry)
        try:
            commands.execute()
            again = False
        except RedisError as error:
            # It stays pending, is read again and found in the database.
            log.warning("not acknowledged", error=type(error).__name__)
            again = True
        self._forget(partition, entry, again=again)

    def _forget(self, partition: int, entry: bytes, *, again: bool) -> None:
        """It is not under way any more; `again`: it is read once more."""
        with self._lock:
            self._under_way.discard((partition, entry))
            if again:
                self._failed.add(partition)

    def _put_aside(self, partition: int, entry: bytes, fields: dict[bytes, bytes] | None) -> bool:
        """Keep what cannot be handled where an administrator finds it; False without Redis."""
        stream = keys.inbound(partition)
        try:
            if fields is None:
                found = self._redis.xrange(stream, entry, entry)
                fields = found[0][1] if found else None
            if fields:
                self._redis.xadd(DEAD, fields, maxlen=10_000)
        except RedisError as error:
            log.warning("not put aside", error=type(error).__name__)
            return False
        return True
