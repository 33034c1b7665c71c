"""Is it really WeChat? SHA-1 over sorted parts, compared in constant time, and not too old.

A genuine retry carries the same timestamp and nonce as its first delivery, so a nonce that was
seen before proves nothing; age bounds what can be replayed.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

MAX_AGE = timedelta(minutes=10)


def signature_of(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def is_signed(claimed: str, *parts: str) -> bool:
    return hmac.compare_digest(signature_of(*parts).encode(), claimed.encode())


def is_fresh(timestamp: str, now: datetime) -> bool:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    return abs(now.timestamp() - int(timestamp)) <= MAX_AGE.total_seconds()
