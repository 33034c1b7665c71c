"""Fetching citizens' files while their platform still has them, and keeping them.

An entry is acknowledged only when the desk has been told: kept, or not to be had and why.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from channels.delivery import PAUSES
from channels.errors import FetchError, TryLater
from channels.metrics import MEDIA
from channels.port import Fetcher
from environment.media_store import FILMS, PICTURES, SOUNDS, MediaStore, NotAllowed
from wire.keys import DELIVERIES
from wire.messages import FIELD, IS_MEDIA, TYPE_FIELD, MediaFetched, encode

log = structlog.get_logger(__name__)
SIZE_LIMIT = 20 * 1024 * 1024
ALLOWED = PICTURES | SOUNDS | FILMS


class MediaDesk:
    def __init__(
        self,
        redis: Redis,
        fetchers: Mapping[str, Fetcher],
        store: MediaStore,
        *,
        pauses: tuple[float, ...] = PAUSES,
    ) -> None:
        self._redis = redis
        self._fetchers = fetchers
        self._store = store
        self._pauses = pauses
        self._at_once = asyncio.Semaphore(8)

    async def fetch(self, fields: Mapping[bytes, bytes]) -> None:
        """Returns when the desk has been told."""
        account, message_id, platform_id = (
            fields.get(name, b"").decode(errors="replace")
            for name in (b"account", b"message_id", b"platform_id")
        )
        fetched = await self._result(account, message_id, platform_id)
        await self._tell(fetched)
        MEDIA.labels(account, fetched.reason or "kept").inc()
        log.info("media", account=account, message_id=message_id, reason=fetched.reason)

    async def _result(self, account: str, message_id: str, platform_id: str) -> MediaFetched:
        reason = "no-account"
        fetcher = self._fetchers.get(account)
        for pause in (*self._pauses, None):
            if fetcher is None:
                break
            try:
                async with self._at_once:
                    content = await fetcher.fetch(platform_id, SIZE_LIMIT)
                    kept = await self._store.keep(account, content, ALLOWED)
            except FetchError as error:
                reason = error.reason
                break
            except NotAllowed:
                reason = "kind"
                break
            except (TryLater, OSError, RedisError) as error:
                reason = error.reason if isinstance(error, TryLater) else "storage"
                if pause is not None:
                    await asyncio.sleep(pause)
            else:
                return MediaFetched(
                    account=account,
                    message_id=message_id,
                    platform_id=platform_id,
                    key=kept.key,
                    content_type=kept.content_type,
                    size=kept.size,
                )
        return MediaFetched(
            account=account, message_id=message_id, platform_id=platform_id, reason=reason
        )

    async def _tell(self, fetched: MediaFetched) -> None:
        pause = 0.1
        while True:
            try:
                await self._redis.xadd(DELIVERIES, {FIELD: encode(fetched), TYPE_FIELD: IS_MEDIA})
                return
            except RedisError as error:
                log.warning("media.redis", error=type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(pause * 2, 2.0)
