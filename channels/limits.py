"""Limits by address, for the one channel that anybody can reach without a platform's account.

Generous, since a whole office or a phone network may share an address.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from redis.asyncio import Redis

from channels import keys

OPEN_SOCKETS = 200
MESSAGES_A_MINUTE = 300


class TooManySockets(Exception):
    pass


class AddressLimit:
    def __init__(
        self,
        redis: Redis,
        *,
        sockets: int = OPEN_SOCKETS,
        messages: int = MESSAGES_A_MINUTE,
    ) -> None:
        self._redis = redis
        self._sockets = sockets
        self._messages = messages
        self._open: Counter[str] = Counter()

    @contextmanager
    def socket(self, address: str) -> Iterator[None]:
        """Hold one of the address's places at this gateway."""
        if self._open[address] >= self._sockets:
            raise TooManySockets
        self._open[address] += 1
        try:
            yield
        finally:
            self._open[address] -= 1
            if not self._open[address]:
                del self._open[address]

    async def allows_message(self, account: str, address: str) -> bool:
        """Counted over all gateways, a minute at a time."""
        key = keys.rate_of_address(account, address)
        async with self._redis.pipeline(transaction=True) as pipeline:
            pipeline.incr(key)
            pipeline.expire(key, 60, nx=True)
            count, _ = await pipeline.execute()
        return int(count) <= self._messages
