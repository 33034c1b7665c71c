"""The signature by which a receiver knows that it was us, and that it was just now."""

from __future__ import annotations

import hashlib
import hmac
import secrets


def new_secret() -> str:
    return f"qmwh_{secrets.token_urlsafe(32)}"


def signature(secret: str, body: bytes, seconds: int) -> str:
    """`t=…,v1=…`: the time is signed with the body, so that an old one cannot be played again."""
    signed = str(seconds).encode() + b"." + body
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={digest}"
