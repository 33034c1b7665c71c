"""The access token: one for all senders, kept in Redis, fetched by whoever holds the lock.

`stable_token` in its normal mode returns the same token to everybody and keeps the old one valid
for five minutes, so a race here costs a call and breaks nothing.
"""

from __future__ import annotations

import asyncio
import secrets
from typing import Any

import httpx
import structlog
from redis.asyncio import Redis

from channels import keys
from channels.accounts import WeChatAccount
from channels.errors import Misconfigured, Refused, TryLater
from channels.redis_connection import get_bytes

log = structlog.get_logger(__name__)
_LOCK_SECONDS = 10
_SPARE_SECONDS = 60
_BUSY = -1
_TOO_OFTEN = frozenset({45009, 45011})

_DROP_IF = """
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
"""


class TokenProvider:
    def __init__(self, account: WeChatAccount, redis: Redis, http: httpx.AsyncClient) -> None:
        self._account = account
        self._redis = redis
        self._http = http
        self._drop_if = redis.register_script(_DROP_IF)

    async def get(self) -> str:
        """A token that should work. Raises `TryLater` or `Misconfigured`."""
        lock = keys.token_lock(self._account.id)
        for _ in range(_LOCK_SECONDS * 15):
            if (kept := await self._kept()) is not None:
                return kept
            own = secrets.token_hex(8)
            if await self._redis.set(lock, own, nx=True, ex=_LOCK_SECONDS):
                try:
                    # The lock may have come free because somebody has just fetched one.
                    return await self._kept() or await self._fetch()
                finally:
                    await self._drop_if(keys=[lock], args=[own])
            await asyncio.sleep(0.1)
        raise TryLater("token")

    async def _kept(self) -> str | None:
        kept = await get_bytes(self._redis, keys.token(self._account.id))
        return None if kept is None else kept.decode()

    async def invalid(self, token: str) -> None:
        """WeChat did not take it: forget it, unless somebody has fetched another since."""
        await self._drop_if(keys=[keys.token(self._account.id)], args=[token])

    async def _fetch(self) -> str:
        try:
            response = await self._http.post(
                f"{self._account.api_base}/cgi-bin/stable_token",
                json={
                    "grant_type": "client_credential",
                    "appid": self._account.app_id,
                    "secret": self._account.app_secret,
                    "force_refresh": False,
                },
            )
            answer: Any = response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise TryLater("token") from error  # asking again harms nothing
        if not isinstance(answer, dict):
            raise TryLater("token")
        token, seconds = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(token, str) or not token or not isinstance(seconds, int):
            raise _no_token(answer.get("errcode"), self._account)
        lasts = max(seconds - _SPARE_SECONDS, 5)
        await self._redis.set(keys.token(self._account.id), token, ex=lasts)
        return token


def _no_token(code: object, account: WeChatAccount) -> TryLater | Refused:
    if not isinstance(code, int) or code in (_BUSY, 0):
        return TryLater("token")
    if code in _TOO_OFTEN:
        return TryLater(str(code), wait=60)
    # 40164: our address is not on WeChat's list; 40013, 40125, 40001: wrong id or secret.
    log.error("wechat.no_token", account=account.id, code=code)
    return Misconfigured(str(code))
