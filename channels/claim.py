"""Who sends an Outbound, and that it ends once: decided in scripts, under `wire.keys.claim`.

The waiting exchange may claim until `reply_by`, the sender after it. What carries an older owner
epoch than the mirror is superseded. A hash under the key remembers:

``who``       passive or sender: who sends next
``first``     passive when the exchange won; its repeats get the same reply
``at``        when that was, in ms
``holder``    whose carrying it is; empty when the claim was given back
``passive``   sent: the first piece went out with the exchange, the sender sends the rest
``sent``      how many pieces have gone out
``state``, ``delivery``   how it ended
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from redis.asyncio import Redis

from wire.keys import DELIVERIES, OUTBOUND, claim, owner
from wire.messages import (
    FIELD,
    IS_DELIVERY,
    TYPE_FIELD,
    Delivery,
    DeliveryState,
    Outbound,
    encode,
)

# The relay repeats an Outbound until it ends, hence days. A passive reply that nobody reported
# after this long is unknown: WeChat's own retries are over by then.
_KEPT_SECONDS = 3 * 24 * 3600
PASSIVE_GRACE_MS = 20_000

_PASSIVE = """
local c = redis.call('HMGET', KEYS[1], 'first', 'who', 'state', 'at')
if c[1] == 'passive' then return {'repeat', c[4]} end
if c[2] or c[3] then return {'lost', ''} end
local mirror = tonumber(redis.call('GET', KEYS[2]) or '-1')
if mirror > tonumber(ARGV[2]) then return {'superseded', ''} end
if tonumber(ARGV[1]) > tonumber(ARGV[3]) then return {'lost', ''} end
redis.call('HSET', KEYS[1], 'first', 'passive', 'who', 'passive', 'at', ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[4])
return {'won', ARGV[1]}
"""

_SENDER = """
local c = redis.call('HMGET', KEYS[1], 'who', 'state', 'at', 'holder', 'passive', 'sent',
  'delivery')
local now = tonumber(ARGV[1])
if c[2] then return {'ended', '0', c[7]} end
local sent = c[6] or '0'
if c[1] == 'passive' then
  if c[5] ~= 'sent' then
    if now - tonumber(c[3]) > tonumber(ARGV[6]) then return {'abandoned', sent, 'passive'} end
    return {'waiting', sent, ''}
  end
  sent = '1'
elseif c[1] == 'sender' then
  if c[4] ~= '' and c[4] ~= ARGV[5] then return {'abandoned', sent, 'api'} end
end
local mirror = tonumber(redis.call('GET', KEYS[2]) or '-1')
if mirror > tonumber(ARGV[2]) then return {'superseded', sent, ''} end
if not c[1] and now < tonumber(ARGV[3]) then return {'waiting', sent, ''} end
redis.call('HSET', KEYS[1], 'who', 'sender', 'holder', ARGV[5], 'at', ARGV[1], 'sent', sent)
redis.call('EXPIRE', KEYS[1], ARGV[4])
return {'won', sent, ''}
"""

_RELEASE = """
if redis.call('HGET', KEYS[1], 'holder') == ARGV[1] then
  redis.call('HSET', KEYS[1], 'holder', '')
end
return 1
"""

# An ending stands, except that later knowledge may replace "unknown".
_SETTLE = """
local state = redis.call('HGET', KEYS[1], 'state')
if state and (state ~= 'unknown' or ARGV[1] == 'unknown') then return 0 end
redis.call('HSET', KEYS[1], 'state', ARGV[1], 'delivery', ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[6])
redis.call('XADD', KEYS[2], '*', ARGV[2], ARGV[3], ARGV[4], ARGV[5])
return 1
"""

_REPEAT_DELIVERY = """
local delivery = redis.call('HGET', KEYS[1], 'delivery')
if delivery then redis.call('XADD', KEYS[2], '*', ARGV[1], delivery, ARGV[2], ARGV[3]) end
return 1
"""


class Passive(StrEnum):
    WON = "won"
    REPEAT = "repeat"  # it won before: the same reply again
    LOST = "lost"  # the sender has it, or will
    SUPERSEDED = "superseded"


class Sending(StrEnum):
    WON = "won"
    WAITING = "waiting"  # an exchange may still take it, or is writing it
    ENDED = "ended"  # it has its Delivery, which may be told again
    ABANDONED = "abandoned"  # somebody began and never said how it went
    SUPERSEDED = "superseded"


class PassiveClaim(NamedTuple):
    result: Passive
    at_ms: int


class SenderClaim(NamedTuple):
    result: Sending
    sent: int  # pieces that have gone out before
    via: str  # of an abandoned one


type _Script = Callable[..., Awaitable[Any]]


class Claims:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._passive: _Script = redis.register_script(_PASSIVE)
        self._sender: _Script = redis.register_script(_SENDER)
        self._release: _Script = redis.register_script(_RELEASE)
        self._settle: _Script = redis.register_script(_SETTLE)
        self._repeat: _Script = redis.register_script(_REPEAT_DELIVERY)

    async def for_exchange(self, outbound: Outbound, now: datetime) -> PassiveClaim:
        result, at = await self._passive(
            keys=[claim(outbound.id), owner(outbound.conversation)],
            args=[_ms(now), outbound.epoch, _ms(outbound.reply_by), _KEPT_SECONDS],
        )
        return PassiveClaim(Passive(result.decode()), int(at or 0))

    async def for_sender(self, outbound: Outbound, holder: str, now: datetime) -> SenderClaim:
        result, sent, via = await self._sender(
            keys=[claim(outbound.id), owner(outbound.conversation)],
            args=[
                _ms(now),
                outbound.epoch,
                _ms(outbound.reply_by),
                _KEPT_SECONDS,
                holder,
                PASSIVE_GRACE_MS,
            ],
        )
        sending = Sending(result.decode())
        return SenderClaim(sending, int(sent), via.decode() if sending is Sending.ABANDONED else "")

    async def exchange_sent_first(self, outbound: Outbound) -> None:
        """The exchange is over and more pieces follow: they are the sender's now."""
        async with self._redis.pipeline(transaction=True) as both:
            both.hset(claim(outbound.id), "passive", "sent")
            both.xadd(OUTBOUND, {FIELD: encode(outbound)})
            await both.execute()

    async def piece_sent(self, outbound: str, count: int) -> None:
        await self._redis.hset(claim(outbound), "sent", str(count))

    async def give_back(self, outbound: str, holder: str) -> None:
        """It was surely not taken: a later run may claim it, its epoch checked again."""
        await self._release(keys=[claim(outbound)], args=[holder])

    async def settle(self, delivery: Delivery) -> bool:
        """End an Outbound; False when it had ended before. Safe to repeat."""
        settled = await self._settle(
            keys=[claim(delivery.outbound), DELIVERIES],
            args=[
                delivery.state.value,
                FIELD,
                encode(delivery),
                TYPE_FIELD,
                IS_DELIVERY,
                _KEPT_SECONDS,
            ],
        )
        return bool(settled)

    async def tell_again(self, outbound: str) -> None:
        """The relay asks about an Outbound that has ended: its Delivery may have been lost."""
        await self._repeat(
            keys=[claim(outbound), DELIVERIES], args=[FIELD, TYPE_FIELD, IS_DELIVERY]
        )


def _ms(moment: datetime | None) -> int:
    return 0 if moment is None else int(moment.timestamp() * 1000)


def ended(
    outbound: str, state: DeliveryState, *, at: datetime, via: str = "", reason: str = ""
) -> Delivery:
    return Delivery(outbound=outbound, state=state, at=at, via=via, reason=reason)
