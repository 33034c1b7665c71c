"""How often pages of cases may be opened and used: by link, and by address for links that are none.

Counted in Redis, for all processes of the desk; with Redis down nobody is kept out.
"""

from __future__ import annotations

import hashlib

import structlog
from redis.exceptions import RedisError

from desk.conversations.bus import redis

log = structlog.get_logger(__name__)

MINUTE = 60  # seconds
OPENED = 60  # a minute and link
CHANGED = 10  # a minute and link
WRONG = 30  # a minute and address


def is_too_often(what: str, who: str, most: int) -> bool:
    """Count one more; whether it is too many in this minute."""
    digest = hashlib.sha256(who.encode()).hexdigest()[:32]
    key = f"qm:case-page:{what}:{digest}"
    try:
        with redis().pipeline(transaction=True) as commands:
            commands.incr(key).expire(key, MINUTE, nx=True)
            counted = commands.execute()
    except RedisError as error:
        log.warning("case pages are not counted", error=type(error).__name__)
        return False
    return int(counted[0]) > most
