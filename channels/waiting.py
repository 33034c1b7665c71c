"""Waiting for an answer without asking again and again: one subscription a process.

A nudge may get lost, so whoever waits registers first, then looks, and looks once more at the end.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from channels import keys
from channels.redis_connection import get_bytes
from wire.keys import REPLIES, reply
from wire.messages import NotAMessage, Outbound, decode

log = structlog.get_logger(__name__)
_CHANNELS = (REPLIES, keys.WEB_CHANNEL)
_LOOK_WITHOUT_SUBSCRIPTION = 0.25
_QUIET_CHECK = 5.0


class Hub:
    """Wakes whoever listens for a name on one of our pub/sub channels."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._listeners: dict[tuple[str, bytes], set[asyncio.Event]] = defaultdict(set)
        self.subscribed = asyncio.Event()

    @contextmanager
    def listening(self, channel: str, name: bytes) -> Iterator[asyncio.Event]:
        event = asyncio.Event()
        listeners = self._listeners[channel, name]
        listeners.add(event)
        try:
            yield event
        finally:
            listeners.discard(event)
            if not listeners:
                self._listeners.pop((channel, name), None)

    async def run(self) -> None:
        """Listen for ever; after a lost connection everybody looks for themselves."""
        pause = 0.1
        while True:
            try:
                await self._listen()
            except (RedisError, OSError) as error:
                log.warning("hub.lost", error=type(error).__name__)
            self.subscribed.clear()
            self._wake_all()
            await asyncio.sleep(pause)
            pause = min(pause * 2, 2.0)

    async def _listen(self) -> None:
        async with self._redis.pubsub() as subscription:
            await subscription.subscribe(*_CHANNELS)
            quiet_rounds = 0
            while quiet_rounds < 3:  # no answer to two pings: the connection is half dead
                message = await subscription.get_message(timeout=_QUIET_CHECK)
                if message is None:
                    quiet_rounds += 1
                    await subscription.ping()
                    continue
                quiet_rounds = 0
                if message["type"] == "subscribe":
                    self.subscribed.set()
                    self._wake_all()
                elif message["type"] == "message":
                    self._wake(message["channel"].decode(), message["data"])

    def _wake(self, channel: str, name: bytes) -> None:
        for event in self._listeners.get((channel, name), ()):
            event.set()

    def _wake_all(self) -> None:
        for listeners in self._listeners.values():
            for event in listeners:
                event.set()


class Replies:
    """The answer to a message, as soon as the router has written it.

    Whoever keeps a new message registers before it is on the stream (`expecting`), so that no
    answer can come unheard, and need not look before the first nudge.
    """

    def __init__(self, redis: Redis, hub: Hub) -> None:
        self._redis = redis
        self._hub = hub

    def expecting(self, account: str, message_id: str) -> AbstractContextManager[asyncio.Event]:
        return self._hub.listening(REPLIES, keys.name(account, message_id))

    async def wait(
        self,
        account: str,
        message_id: str,
        nudged: asyncio.Event,
        seconds: float,
        *,
        look_first: bool = True,
    ) -> Outbound | None:
        """The answer, or None when there is none within `seconds`."""
        clock = asyncio.get_running_loop().time
        deadline = clock() + seconds
        if look_first:
            nudged.set()
        while True:
            left = deadline - clock()
            if not self._hub.subscribed.is_set():
                left = min(left, _LOOK_WITHOUT_SUBSCRIPTION)
            await _nudge(nudged, left)
            nudged.clear()
            answer = await self._look(account, message_id)
            if answer is not None or clock() >= deadline:
                return answer

    async def _look(self, account: str, message_id: str) -> Outbound | None:
        body = await get_bytes(self._redis, reply(account, message_id))
        if body is None:
            return None
        try:
            return decode(body, Outbound)
        except NotAMessage:
            log.error("reply.unreadable", account=account, message_id=message_id)
            return None


async def _nudge(nudged: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(max(seconds, 0)):
            await nudged.wait()
