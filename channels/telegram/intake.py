"""An update is kept, or answered; the same for the webhook and for polling."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import structlog
from redis.asyncio import Redis

from channels import keys
from channels.accept import TOO_MANY, Accept, Outcome
from channels.accounts import TelegramAccount
from channels.metrics import DUPLICATES, INBOUND, REFUSED
from channels.redis_connection import get_bytes
from channels.telegram.parse import LONG_OPTION, NotAnUpdate, update_of
from wire.messages import Inbound

log = structlog.get_logger(__name__)


class TelegramIntake:
    def __init__(self, redis: Redis, accept: Accept) -> None:
        self._redis = redis
        self._accept = accept

    async def take(self, account: TelegramAccount, body: bytes) -> dict[str, Any] | None:
        """Keep it; what is returned is a call that the platform should carry out for us.

        Raises `redis.RedisError` when it could not be kept.
        """
        try:
            understood = update_of(body, account, datetime.now(UTC))
        except NotAnUpdate:
            log.warning("telegram.not_an_update", account=account.id)
            REFUSED.labels(account.id, "not an update").inc()
            return None
        answer: dict[str, Any] | None = None
        if understood.callback_query:
            answer = {
                "method": "answerCallbackQuery",
                "callback_query_id": understood.callback_query,
            }
        if understood.inbound is None:
            return answer
        inbound = await self._with_whole_choice(understood.inbound)
        accepted = await self._accept(inbound)
        if not accepted.is_new:
            DUPLICATES.labels(account.id).inc()
        elif accepted.outcome is Outcome.KEPT:
            INBOUND.labels(account.id, inbound.kind.value).inc()
        else:
            REFUSED.labels(account.id, "too many").inc()
        if accepted.outcome is Outcome.TOLD:
            return {"method": "sendMessage", "chat_id": inbound.external_id, "text": TOO_MANY}
        return answer

    async def _with_whole_choice(self, inbound: Inbound) -> Inbound:
        """A button carries 64 bytes; a longer option id was left in Redis."""
        if not inbound.choice.startswith(LONG_OPTION):
            return inbound
        digest = inbound.choice.removeprefix(LONG_OPTION)
        whole = await get_bytes(self._redis, keys.long_option(inbound.account, digest))
        return msgspec.structs.replace(inbound, choice=whole.decode() if whole else "")
