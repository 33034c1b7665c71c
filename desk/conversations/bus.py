"""The desk's one way to Redis. Everything written here can be written again after a loss."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

LIVE_CHANNEL = "qm:live"
INDEX_CHANNEL = "qm:index"


@cache
def redis() -> Any:
    """A client with timeouts, shared by all threads of the process.

    It is typed `Any`: the library's answers are unions over protocols that we do not speak.
    Nothing is tried twice by itself: whoever calls knows whether a second time is safe.
    """
    return Redis.from_url(
        settings.QIANMEN.redis_url,
        socket_timeout=5,
        socket_connect_timeout=2,
        health_check_interval=15,
        protocol=2,
        retry=Retry(NoBackoff(), 0),
    )
