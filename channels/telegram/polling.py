"""Asking Telegram for updates, for a hotline that it cannot reach. One gateway at a time does it.

An update counts as confirmed with the next question, so that only what is kept is confirmed.
"""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from channels import keys
from channels.accounts import TelegramAccount
from channels.lease import RENEW_EVERY, Lease, LeaseLost
from channels.telegram.intake import TelegramIntake
from channels.telegram.webhook import ALLOWED_UPDATES

log = structlog.get_logger(__name__)
LONG_POLL = 20


class Poller:
    def __init__(
        self,
        account: TelegramAccount,
        redis: Redis,
        intake: TelegramIntake,
        http: httpx.AsyncClient,
    ) -> None:
        self._account = account
        self._redis = redis
        self._intake = intake
        self._http = http
        self._base = f"{account.api_base}/bot{account.bot_token}"
        self._offset = 0

    async def run(self) -> None:
        while True:
            lease = Lease(self._redis, keys.polling_lease(self._account.id))
            await lease.take()
            renewing = asyncio.create_task(_renew(lease))
            polling = asyncio.create_task(self._poll())
            try:
                await asyncio.wait({renewing, polling}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in (renewing, polling):
                    task.cancel()
                await asyncio.gather(renewing, polling, return_exceptions=True)
                await lease.drop()

    async def _poll(self) -> None:
        await self._call("deleteWebhook", {}, timeout=10)
        pause = 1.0
        while True:
            try:
                updates = await self._updates()
                for update in updates:
                    await self._take(update)
                pause = 1.0
            except (RedisError, httpx.HTTPError, _NotNow) as error:
                log.warning(
                    "telegram.polling", account=self._account.id, error=type(error).__name__
                )
                await asyncio.sleep(pause)
                pause = min(pause * 2, 60.0)

    async def _updates(self) -> list[dict[str, Any]]:
        question = {
            "offset": self._offset,
            "timeout": LONG_POLL,
            "allowed_updates": ALLOWED_UPDATES,
        }
        result = await self._call("getUpdates", question, timeout=LONG_POLL + 10)
        if not isinstance(result, list):
            raise _NotNow
        return [update for update in result if isinstance(update, dict)]

    async def _take(self, update: dict[str, Any]) -> None:
        call = await self._intake.take(self._account, msgspec.json.encode(update))
        if type(update.get("update_id")) is int:
            self._offset = update["update_id"] + 1
        if call is not None:
            method = str(call.pop("method"))
            try:
                await self._call(method, call, timeout=5)
            except (httpx.HTTPError, _NotNow) as error:
                # A button that turns on, or one line less: the message itself is kept.
                log.warning("telegram.answer", method=method, error=type(error).__name__)

    async def _call(self, method: str, body: dict[str, Any], *, timeout: float) -> Any:
        response = await self._http.post(f"{self._base}/{method}", json=body, timeout=timeout)
        try:
            answer: Any = response.json()
        except ValueError as error:
            raise _NotNow from error
        if not isinstance(answer, dict) or answer.get("ok") is not True:
            log.error("telegram.refused", method=method, status=response.status_code)
            raise _NotNow
        return answer.get("result")


class _NotNow(Exception):
    """No usable answer: 409 means that another instance asks as well."""


async def _renew(lease: Lease) -> None:
    while True:
        await asyncio.sleep(RENEW_EVERY)
        try:
            await lease.renew()
        except LeaseLost:
            return
        except RedisError as error:
            log.warning("telegram.lease", error=type(error).__name__)
