"""How many messages WeChat still lets us send to a citizen, as far as we can know.

Only an estimate: how grants overlap is not documented, so the platform has the last word (45015,
45047). It is used to put several bubbles into one message when few are left.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from redis.asyncio import Redis

from channels.accept import Noted
from channels.wechat.parse import BY_MESSAGE, BY_TAP, Grant
from wire import keys

# What ends first is spent first.
_SPEND = """
for _, key in ipairs(KEYS) do
  if tonumber(redis.call('GET', key) or '0') > 0 then return redis.call('DECR', key) end
end
return 0
"""


def granted(account: str, citizen: str, grant: Grant) -> Noted:
    """A new grant replaces one of its kind: the careful reading of the rules."""
    key = keys.quota(account, citizen, grant.name)
    return Noted(key, grant.messages, int(grant.lasts.total_seconds()))


class Quota:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._spend: Callable[..., Awaitable[Any]] = redis.register_script(_SPEND)

    async def left(self, account: str, citizen: str) -> int:
        counts = await self._redis.mget(_keys(account, citizen))
        return sum(int(count) for count in counts if count is not None)

    async def spent(self, account: str, citizen: str) -> None:
        await self._spend(keys=_keys(account, citizen), args=[])

    async def closed(self, account: str, citizen: str) -> None:
        """The platform said that none is left."""
        await self._redis.delete(*_keys(account, citizen))


def _keys(account: str, citizen: str) -> list[str]:
    return [keys.quota(account, citizen, grant.name) for grant in (BY_TAP, BY_MESSAGE)]
