"""The desk's one way to Redis. Everything written here can be written again after a loss."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
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


_gathered: ContextVar[Any] = ContextVar("gathered", default=None)


@contextmanager
def one_round_trip() -> Iterator[Any]:
    """A pipeline that also takes what `after_commit` is told; the caller executes it.

    A message's reply, the nudge of the open pages and its acknowledgement go to Redis together:
    each way there costs more than what is done there.
    """
    commands = redis().pipeline(transaction=False)
    token = _gathered.set(commands)
    try:
        yield commands
    finally:
        _gathered.reset(token)


def after_commit() -> Any:
    """Where a command goes that follows a commit: into the round trip under way, or off at once.

    Its answer must not matter, since it may not be there yet.
    """
    commands = _gathered.get()
    return redis() if commands is None else commands
