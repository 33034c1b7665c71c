"""Reading one stream as its group's one consumer: first what was left unacknowledged, then new.

After any failure of Redis it starts over with what is unacknowledged, since entries may have been
given out in an answer that was lost; what is in hand is not taken twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

log = structlog.get_logger(__name__)
_BLOCK_MS = 2000
_COUNT = 100
_NEW = ">"

type Fields = dict[bytes, bytes]
type Take = Callable[[bytes, Fields], Awaitable[None]]


class GroupReader:
    def __init__(self, redis: Redis, waiting: Redis, stream: str, group: str) -> None:
        self._redis = redis
        self._waiting = waiting  # its reads block
        self._stream = stream
        self._group = group
        self._in_hand: set[bytes] = set()

    async def run(self, take: Take) -> None:
        """`take` puts an entry into somebody's hands; `done` is called when it is finished."""
        pause = 0.1
        while True:
            try:
                await self._create_group()
                await self._left_over(take)
                while True:
                    await self._give(take, await self._read(_NEW))
                    pause = 0.1
            except (RedisError, OSError) as error:
                log.warning("reader.lost", stream=self._stream, error=type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(pause * 2, 2.0)

    async def _create_group(self) -> None:
        try:
            await self._redis.xgroup_create(self._stream, self._group, id="0", mkstream=True)
        except ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise

    async def _left_over(self, take: Take) -> None:
        place = "0"
        while entries := await self._read(place):
            place = entries[-1][0].decode()
            await self._give(take, entries)

    async def _read(self, place: str) -> list[tuple[bytes, Fields | None]]:
        block = _BLOCK_MS if place == _NEW else None
        read: Any = await self._waiting.xreadgroup(
            self._group, self._group, {self._stream: place}, count=_COUNT, block=block
        )
        entries: list[tuple[bytes, Fields | None]] = read[0][1] if read else []
        return entries

    async def _give(self, take: Take, entries: list[tuple[bytes, Fields | None]]) -> None:
        for entry, fields in entries:
            if entry in self._in_hand:
                continue
            if not fields:  # trimmed away while it was pending
                await self._redis.xack(self._stream, self._group, entry)
                continue
            self._in_hand.add(entry)
            await take(entry, fields)

    async def done(self, entry: bytes) -> None:
        """Acknowledge; when that fails the entry is met again and found to have ended."""
        try:
            await self._redis.xack(self._stream, self._group, entry)
        except RedisError as error:
            log.warning("reader.unacknowledged", error=type(error).__name__)
        finally:
            self._in_hand.discard(entry)

    async def trim(self) -> None:
        """Drop what lies below the oldest entry that is not acknowledged."""
        pending = await self._redis.xpending(self._stream, self._group)
        oldest = pending["min"]
        if oldest is None:
            groups = await self._redis.xinfo_groups(self._stream)
            oldest = min((group["last-delivered-id"] for group in groups), default=None)
        if oldest is not None:
            await self._redis.xtrim(self._stream, minid=oldest, approximate=True)
