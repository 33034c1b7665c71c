"""Leases of the 64 partitions: each is one worker's for six seconds at a time.

A lease comes with a fencing number that only rises. It is written to the database when a lease is
won and checked in every transaction, so that a worker that was thought dead cannot write.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import Any

import structlog
from django.db import transaction

from desk.conversations.models import Partition
from desk.conversations.router import Fence
from wire.keys import PARTITIONS

log = structlog.get_logger(__name__)

LEASE_MS = 6000
RENEW_AFTER = 2.0  # seconds of taking: a slow database must not let go of what was taken first
WORKERS = "qm:workers"  # sorted set: who is alive, by the time they last said so

_ACQUIRE = """
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
  return redis.call('INCR', KEYS[2])
end
return 0
"""
_RENEW = """
local kept = {}
for i, key in ipairs(KEYS) do
  if redis.call('GET', key) == ARGV[1] then
    redis.call('PEXPIRE', key, ARGV[2])
    kept[#kept + 1] = i
  end
end
return kept
"""
_RELEASE = (
    "if redis.call('GET',KEYS[1])==ARGV[1] then return redis.call('DEL',KEYS[1]) end return 0"
)


def lease_key(partition: int) -> str:
    return f"qm:lease:{partition}"


def fence_key(partition: int) -> str:
    return f"qm:fence:{partition}"


@dataclass
class Leases:
    """The partitions that one worker holds. Used by the worker's main thread only."""

    redis: Any
    worker: str
    held: dict[int, Fence] = field(default_factory=dict)

    def round(self) -> set[int]:
        """Renew what is held, take what is free up to a fair share; returns what was lost."""
        share = self._fair_share()
        lost = self._renew()
        renew_at = time.monotonic() + RENEW_AFTER
        for partition in range(PARTITIONS):
            if len(self.held) >= share:
                break
            if time.monotonic() >= renew_at:
                lost |= self._renew()
                renew_at = time.monotonic() + RENEW_AFTER
            if partition not in self.held:
                self._try(partition)
        return lost

    def surplus(self) -> list[int]:
        """What a newer worker should have: given up once its messages are done."""
        return sorted(self.held)[self._fair_share() :]

    def release(self, partition: int) -> None:
        self.held.pop(partition, None)
        self.redis.eval(_RELEASE, 1, lease_key(partition), self.worker)

    def release_all(self) -> None:
        for partition in list(self.held):
            self.release(partition)
        self.redis.zrem(WORKERS, self.worker)

    def _fair_share(self) -> int:
        now = time.time()
        self.redis.zadd(WORKERS, {self.worker: now})
        self.redis.zremrangebyscore(WORKERS, 0, now - LEASE_MS / 1000)
        alive: int = self.redis.zcard(WORKERS)
        return math.ceil(PARTITIONS / max(1, alive))

    def _renew(self) -> set[int]:
        if not self.held:
            return set()
        partitions = list(self.held)
        kept_at = self.redis.eval(
            _RENEW,
            len(partitions),
            *[lease_key(partition) for partition in partitions],
            self.worker,
            LEASE_MS,
        )
        kept = {partitions[int(i) - 1] for i in kept_at}
        lost = set(partitions) - kept
        for partition in lost:
            del self.held[partition]
            log.warning("lease lost", partition=partition)
        return lost

    def _try(self, partition: int) -> None:
        number = int(
            self.redis.eval(
                _ACQUIRE,
                2,
                lease_key(partition),
                fence_key(partition),
                self.worker,
                LEASE_MS,
            )
        )
        if number:
            number = _raise_fence(partition, number)
            self.held[partition] = Fence(partition, number)


def _raise_fence(partition: int, number: int) -> int:
    """Write the fence where transactions check it; above whatever a lost Redis once gave out."""
    with transaction.atomic():
        row, _created = Partition.objects.select_for_update().get_or_create(number=partition)
        row.fence = max(number, row.fence + 1)
        row.save(update_fields=["fence"])
        return row.fence
