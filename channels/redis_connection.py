"""How channels talk to Redis: quick to give up, so that a platform hears 503 and asks again."""

from __future__ import annotations

from typing import Any

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ConstantBackoff


def connect(url: str, *, timeout: float = 2.0) -> Redis:
    """For short commands. Each of our scripts may run twice, so one repeat is safe."""
    return Redis.from_url(
        url,
        protocol=2,
        socket_connect_timeout=1.0,
        socket_timeout=timeout,
        health_check_interval=30,
        retry=Retry(ConstantBackoff(0.05), 1),
        max_connections=200,
    )


def connect_to_wait(url: str) -> Redis:
    """For reads that block up to some seconds: subscriptions and streams."""
    return connect(url, timeout=15.0)


async def get_bytes(redis: Redis, key: str) -> bytes | None:
    """A value as it was written: our clients decode nothing."""
    value: Any = await redis.get(key)
    return None if value is None else bytes(value)
