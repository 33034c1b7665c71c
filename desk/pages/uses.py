"""How often something was used in this minute, over all processes of the desk.

For pages that a link opens without a login. With Redis down nobody is kept out: a signed link is
not guessed in that time.
"""

from __future__ import annotations

import hashlib

import structlog
from redis.exceptions import RedisError

from desk.conversations.bus import redis

log = structlog.get_logger(__name__)

MINUTE = 60  # seconds


def count_use(what: str, who: str) -> int:
    """Count one more; how many there are with it. 0 while nobody can count."""
    key = _key(what, who)
    try:
        with redis().pipeline(transaction=True) as commands:
            commands.incr(key).expire(key, MINUTE, nx=True)
            return int(commands.execute()[0])
    except RedisError as error:
        log.warning("uses are not counted", what=what, error=type(error).__name__)
        return 0


def uses(what: str, who: str) -> int:
    """How many there were, without counting this look."""
    try:
        return int(redis().get(_key(what, who)) or 0)
    except RedisError as error:
        log.warning("uses are not counted", what=what, error=type(error).__name__)
        return 0


def _key(what: str, who: str) -> str:
    """Links and addresses are nobody's to read in Redis."""
    return f"qm:uses:{what}:{hashlib.sha256(who.encode()).hexdigest()[:32]}"
