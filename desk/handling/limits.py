"""How often a link may be used: whoever guesses, or scrapes, is stopped; who works is not."""

from __future__ import annotations

import hashlib

import structlog
from redis.exceptions import RedisError

from desk.conversations.bus import redis

log = structlog.get_logger(__name__)

USES_A_MINUTE = 60  # of one link
WRONG_A_MINUTE = 20  # from one address
_MINUTE = 60


def allows_use(token: str) -> bool:
    digest = hashlib.sha256(token.encode()).hexdigest()[:32]
    return _count(f"qm:link:use:{digest}") <= USES_A_MINUTE


def allows_wrong(address: str) -> bool:
    """Counts a link that was not ours; False when this address has tried too many."""
    return _count(f"qm:link:wrong:{address}") <= WRONG_A_MINUTE


def is_guessing(address: str) -> bool:
    try:
        return int(redis().get(f"qm:link:wrong:{address}") or 0) > WRONG_A_MINUTE
    except RedisError as error:
        log.warning("links are not limited", error=type(error).__name__)
        return False


def _count(key: str) -> int:
    """Without Redis nobody is shut out: a link of 128 bits and more is not guessed in that time."""
    try:
        with redis().pipeline(transaction=True) as pipeline:
            pipeline.incr(key)
            pipeline.expire(key, _MINUTE, nx=True)
            count, _expires = pipeline.execute()
    except RedisError as error:
        log.warning("links are not limited", error=type(error).__name__)
        return 0
    return int(count)
