"""Answering within the platform's own request, and saying afterwards how that went."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import structlog
from redis.exceptions import RedisError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from channels.claim import Claims, ended
from channels.metrics import DELIVERIES
from wire.messages import DeliveryState, Outbound

log = structlog.get_logger(__name__)
_TRIES = 3


class ReportedResponse(Response):
    """A response that tells whether its connection held until it was written."""

    def __init__(
        self,
        content: str,
        *,
        media_type: str,
        request: Request,
        report: Callable[[bool], Awaitable[None]],
    ) -> None:
        super().__init__(content, media_type=media_type)
        self._request = request
        self._report = report

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        written = not await self._request.is_disconnected()
        try:
            await super().__call__(scope, receive, send)
        except OSError:
            written = False
        await self._report(written)


class PassiveReport:
    """Tells what became of an Outbound that went out with its exchange."""

    def __init__(self, claims: Claims) -> None:
        self._claims = claims

    async def __call__(self, outbound: Outbound, *, written: bool, more: bool) -> None:
        """`more`: pieces are left, so the sender tells the end."""
        for attempt in range(1, _TRIES + 1):
            try:
                await self._tell(outbound, written=written, more=more)
                return
            except RedisError as error:
                # Without a report the sender calls it unknown when its grace has passed.
                log.warning("passive.unreported", outbound=outbound.id, error=type(error).__name__)
                await asyncio.sleep(0.2 * attempt)

    async def _tell(self, outbound: Outbound, *, written: bool, more: bool) -> None:
        if written and more:
            await self._claims.exchange_sent_first(outbound)
            return
        if more:
            return  # a retry may still get it; otherwise the sender calls it unknown
        state = DeliveryState.SENT if written else DeliveryState.UNKNOWN
        delivery = ended(outbound.id, state, at=datetime.now(UTC), via="passive")
        if await self._claims.settle(delivery):
            DELIVERIES.labels(outbound.account, "passive", state.value).inc()
