"""How many messages WeChat still lets us send to a citizen, as far as we can know.

Only an estimate: overlapping grants are not documented, so the platform has the last word (45015,
45047). It is used to put several bubbles into one message when few are left.
"""

from __future__ import annotations

from datetime import datetime

from redis.asyncio import Redis

from channels import keys
from channels.wechat.parse import Grant


class Quota:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def granted(self, account: str, citizen: str, grant: Grant, now: datetime) -> None:
        """A new grant of the same kind replaces the old: the careful reading of the rules."""
        until = (now + grant.lasts).timestamp()
        slots = {f"{grant.messages}-{number}": until for number in range(grant.messages)}
        key = keys.quota(account, citizen)
        async with self._redis.pipeline(transaction=False) as pipeline:
            pipeline.zadd(key, slots)
            pipeline.expire(key, int(grant.lasts.total_seconds()), nx=True)
            pipeline.expire(key, int(grant.lasts.total_seconds()), gt=True)
            await pipeline.execute()

    async def left(self, account: str, citizen: str, now: datetime) -> int:
        key = keys.quota(account, citizen)
        await self._redis.zremrangebyscore(key, "-inf", now.timestamp())
        return int(await self._redis.zcard(key))

    async def spent(self, account: str, citizen: str) -> None:
        """One message went out: the slot that would have ended first is gone."""
        await self._redis.zpopmin(keys.quota(account, citizen))

    async def closed(self, account: str, citizen: str) -> None:
        """The platform said that none is left."""
        await self._redis.delete(keys.quota(account, citizen))
