"""One Outbound from its claim to its Delivery. Whatever happens on the way, it ends once.

Before anything is sent it is claimed; what a platform surely did not take is given back and tried
again; what it may have taken is unknown, and never sent again by itself.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog
from redis.exceptions import RedisError

from channels.claim import Claims, Sending, ended
from channels.errors import Misconfigured, Refused, SendError, TryLater, Unknown
from channels.metrics import DELIVERIES, SEND
from channels.port import BY_TEMPLATE, Messenger
from wire.messages import DeliveryState, Outbound

log = structlog.get_logger(__name__)
FIRST_LOOK = 0.05
LONGEST_LOOK = 0.5
GIVE_UP_AFTER = timedelta(minutes=10)
PAUSES = (1.0, 2.0, 5.0, 15.0, 30.0, 60.0)


class Courier:
    def __init__(
        self,
        claims: Claims,
        messengers: Mapping[str, Messenger],
        holder: str,
        *,
        at_once: int = 64,
        pauses: tuple[float, ...] = PAUSES,
    ) -> None:
        self._claims = claims
        self._messengers = messengers
        self._holder = holder
        self._calls = asyncio.Semaphore(at_once)
        self._pauses = pauses

    async def deliver(self, outbound: Outbound) -> None:
        """Returns when the Outbound has ended and its Delivery is on the stream."""
        messenger = self._messengers.get(outbound.account)
        if messenger is None:
            log.error("delivery.no_account", account=outbound.account, outbound=outbound.id)
            await self._end(outbound, DeliveryState.REFUSED, reason="no-account")
        elif not outbound.parts:
            await self._end(outbound, DeliveryState.SENT)
        else:
            await self._carry(outbound, messenger)

    async def _carry(self, outbound: Outbound, messenger: Messenger) -> None:
        # Of this one carrying: a repeat by the relay must not pass for it.
        holder = f"{self._holder}:{secrets.token_hex(4)}"
        give_up_at = datetime.now(UTC) + GIVE_UP_AFTER
        look, failures = FIRST_LOOK, 0
        while True:
            claim = await _surely(
                lambda: self._claims.for_sender(outbound, holder, datetime.now(UTC))
            )
            if claim.result is Sending.WAITING:
                await asyncio.sleep(look)
                look = min(look * 2, LONGEST_LOOK)
                continue
            if claim.result is Sending.ENDED:
                await _surely(lambda: self._claims.tell_again(outbound.id))
                return
            if claim.result is Sending.SUPERSEDED:
                reason = "rest" if claim.sent else ""
                await self._end(outbound, DeliveryState.SUPERSEDED, reason=reason)
                return
            if claim.result is Sending.ABANDONED and not messenger.repeatable:
                await self._end(
                    outbound, DeliveryState.UNKNOWN, via=claim.via, reason="interrupted"
                )
                return
            try:
                via = await self._send(outbound, messenger, claim.sent)
            except TryLater as error:
                pause = error.wait or self._pauses[min(failures, len(self._pauses) - 1)]
                failures += 1
                if datetime.now(UTC) + timedelta(seconds=pause) > give_up_at:
                    await self._end(outbound, DeliveryState.REFUSED, messenger.via, error.reason)
                    return
                log.info("delivery.later", outbound=outbound.id, reason=error.reason, wait=pause)
                await _surely(lambda: self._claims.give_back(outbound.id, holder))
                await asyncio.sleep(pause)
            except SendError as error:
                await self._failed(outbound, messenger, error)
                return
            else:
                await self._end(outbound, DeliveryState.SENT, via)
                return

    async def _send(self, outbound: Outbound, messenger: Messenger, sent: int) -> str:
        """How it went: see `Messenger`."""
        pieces = await _surely(lambda: messenger.pieces(outbound, sent))
        for number, piece in enumerate(pieces, start=1):
            async with self._calls:
                started = time.perf_counter()
                try:
                    via = await messenger.send(outbound, piece)
                except SendError:
                    raise
                except RedisError as error:
                    # Asked before the platform is, or by one that drops what comes twice.
                    raise TryLater("redis") from error
                except Exception as error:  # whatever it was, it must not end in a second message
                    log.exception("delivery.fault", outbound=outbound.id)
                    raise Unknown("fault") from error
                finally:
                    SEND.labels(messenger.channel).observe(time.perf_counter() - started)
            if via == BY_TEMPLATE:
                return via
            sent += piece.covers
            if number < len(pieces):
                await _surely(partial(self._claims.piece_sent, outbound.id, sent))
        return messenger.via

    async def _failed(self, outbound: Outbound, messenger: Messenger, error: SendError) -> None:
        if isinstance(error, Misconfigured):
            log.error("delivery.misconfigured", account=outbound.account, reason=error.reason)
        state = DeliveryState.REFUSED if isinstance(error, Refused) else DeliveryState.UNKNOWN
        await self._end(outbound, state, messenger.via, error.reason)

    async def _end(
        self, outbound: Outbound, state: DeliveryState, via: str = "", reason: str = ""
    ) -> None:
        delivery = ended(outbound.id, state, at=datetime.now(UTC), via=via, reason=reason)
        if await _surely(lambda: self._claims.settle(delivery)):
            DELIVERIES.labels(outbound.account, via, state.value).inc()
            log.info("delivery", outbound=outbound.id, state=state.value, reason=reason)


async def _surely[T](call: Callable[[], Awaitable[T]]) -> T:
    """Through an outage of Redis: what this process knows must not be lost. Safe to repeat."""
    pause = 0.1
    while True:
        try:
            return await call()
        except RedisError as error:
            log.warning("delivery.redis", error=type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 2.0)
