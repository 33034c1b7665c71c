"""One process does it, the others stand by: a lease in Redis.

A holder that died on this machine is replaced at once, one elsewhere when its lease has run out.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from contextlib import suppress

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from channels.redis_connection import get_bytes

log = structlog.get_logger(__name__)
SECONDS = 6
RENEW_EVERY = 2.0

_RENEW = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('EXPIRE', KEYS[1], ARGV[2])
return 1
"""
_DROP = """
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
"""


class LeaseLost(Exception):
    """Another process holds it now."""


class Lease:
    def __init__(self, redis: Redis, key: str) -> None:
        self._redis = redis
        self._key = key
        self.holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._renew = redis.register_script(_RENEW)
        self._drop = redis.register_script(_DROP)

    async def take(self) -> None:
        """Wait until it is ours."""
        waiting = False
        while True:
            with suppress(RedisError):
                if await self._try():
                    log.info("lease.taken", key=self._key)
                    return
                if not waiting:
                    log.info("lease.standing_by", key=self._key)
                    waiting = True
            await asyncio.sleep(0.5)

    async def _try(self) -> bool:
        if await self._redis.set(self._key, self.holder, nx=True, ex=SECONDS):
            return True
        current = await get_bytes(self._redis, self._key)
        if current is not None and _is_dead_here(current.decode()):
            await self._drop(keys=[self._key], args=[current])
            return bool(await self._redis.set(self._key, self.holder, nx=True, ex=SECONDS))
        return False

    async def renew(self) -> None:
        """Raises `LeaseLost`. Without Redis nobody else can take it either."""
        if await self._renew(keys=[self._key], args=[self.holder, SECONDS]):
            return
        # It ran out while Redis or this process stood still; free again, it may be taken again.
        if not await self._redis.set(self._key, self.holder, nx=True, ex=SECONDS):
            raise LeaseLost(self._key)

    async def drop(self) -> None:
        with suppress(RedisError):
            await self._drop(keys=[self._key], args=[self.holder])


def _is_dead_here(holder: str) -> bool:
    host, _, rest = holder.partition(":")
    pid = rest.partition(":")[0]
    if host != socket.gethostname() or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
