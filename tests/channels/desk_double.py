"""A desk that answers at once: what the router does with the streams, and nothing else."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import uuid4

from redis.asyncio import Redis

from wire.keys import DELIVERIES, OUTBOUND, PARTITIONS, REPLIES, inbound, reply
from wire.messages import (
    FIELD,
    IS_MEDIA,
    TYPE_FIELD,
    Delivery,
    Inbound,
    MediaFetched,
    Outbound,
    Part,
    decode,
    encode,
)

type Answer = Callable[[Inbound], list[Part] | None]


def an_outbound(message: Inbound | None = None, **changes: Any) -> Outbound:
    values: dict[str, Any] = {
        "id": uuid4().hex,
        "account": "12341-wechat",
        "external_id": "o-citizen",
        "conversation": "7",
        "epoch": 1,
        "author": "bot",
        "parts": (Part(text="您好"),),
    }
    if message is not None:
        values |= {
            "account": message.account,
            "external_id": message.external_id,
            "in_reply_to": message.message_id,
            "reply_by": message.reply_by,
        }
    return Outbound(**(values | changes))


class DeskDouble:
    def __init__(self, redis: Redis, answer: Answer) -> None:
        self.redis = redis
        self.answer = answer
        self.received: list[Inbound] = []

    async def say(self, outbound: Outbound) -> None:
        if outbound.in_reply_to:
            key = reply(outbound.account, outbound.in_reply_to)
            await self.redis.set(key, encode(outbound), ex=600)
            name = f"{outbound.account}\0{outbound.in_reply_to}"
            await self.redis.publish(REPLIES, name)
        if outbound.parts:
            await self.redis.xadd(OUTBOUND, {FIELD: encode(outbound)})

    async def run(self) -> None:
        places: dict[Any, Any] = {inbound(number): "0" for number in range(PARTITIONS)}
        while True:
            read: Any = await self.redis.xread(places, block=50)
            for stream, entries in read or []:
                for place, fields in entries:
                    places[stream.decode()] = place
                    message = decode(fields[FIELD], Inbound)
                    self.received.append(message)
                    parts = self.answer(message)
                    if parts is not None:
                        await self.say(an_outbound(message, parts=tuple(parts)))


@contextlib.asynccontextmanager
async def answering(redis: Redis, answer: Answer) -> AsyncIterator[DeskDouble]:
    desk = DeskDouble(redis, answer)
    task = asyncio.create_task(desk.run())
    try:
        yield desk
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def entries_in(redis: Redis) -> list[Inbound]:
    """Every message on every partition."""
    found = []
    for number in range(PARTITIONS):
        entries: Any = await redis.xrange(inbound(number))
        found += [decode(fields[FIELD], Inbound) for _, fields in entries]
    return found


async def told(redis: Redis) -> list[Delivery | MediaFetched]:
    """What channels have told the desk."""
    entries: Any = await redis.xrange(DELIVERIES)
    return [
        decode(fields[FIELD], MediaFetched if fields[TYPE_FIELD] == IS_MEDIA else Delivery)
        for _, fields in entries
    ]


async def told_at_least(redis: Redis, count: int, seconds: float = 40) -> list[Any]:
    async with asyncio.timeout(seconds):
        while len(found := await told(redis)) < count:
            await asyncio.sleep(0.01)
    return found
