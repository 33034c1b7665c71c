"""Alive, and ready: whether each part that a citizen's message needs is there."""

from __future__ import annotations

from redis.asyncio import Redis
from redis.exceptions import RedisError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from channels import keys
from channels.waiting import Hub
from wire.keys import ALIVE_WORKER


async def healthz(_request: Request) -> Response:
    return JSONResponse({"status": "alive"})


class Readiness:
    def __init__(self, redis: Redis, hub: Hub) -> None:
        self._redis = redis
        self._hub = hub

    async def readyz(self, _request: Request) -> Response:
        parts = await self._parts()
        ready = all(parts.values())
        return JSONResponse(
            {"ready": ready, "parts": {name: "up" if up else "down" for name, up in parts.items()}},
            200 if ready else 503,
        )

    async def _parts(self) -> dict[str, bool]:
        try:
            worker, sender = await self._redis.mget(ALIVE_WORKER, keys.ALIVE_SENDER)
        except RedisError:
            return {"redis": False, "replies": False, "worker": False, "sender": False}
        return {
            "redis": True,
            "replies": self._hub.subscribed.is_set(),
            "worker": worker is not None,
            "sender": sender is not None,
        }
