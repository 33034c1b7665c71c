"""Files that passed through the platform, kept three days and never more than a few."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.clock import Clock
from sandbox.wechat.errors import Refusal

KEPT = timedelta(days=3)
LARGEST_IMAGE = 10 * 1024 * 1024
_MOST_FILES = 200
_MOST_BYTES = 128 * 1024 * 1024
_IMAGES = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg", b"GIF8": "gif"}
CONTENT_TYPES = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "amr": "audio/amr"}


@dataclass(frozen=True)
class Kept:
    account: str
    body: bytes
    suffix: str
    at: datetime


class MediaStore:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._files: OrderedDict[str, Kept] = OrderedDict()
        self._bytes = 0

    def keep_image(self, account: str, body: bytes) -> str:
        """Keep an image and name it; 40004 for what is not one, 45001 for one too large."""
        if not body:
            raise Refusal(41005)
        if len(body) > LARGEST_IMAGE:
            raise Refusal(45001)
        suffix = image_suffix(body)
        if not suffix:
            raise Refusal(40004)
        return self._keep(account, body, suffix)

    def keep_voice(self, account: str, body: bytes) -> str:
        return self._keep(account, body, "amr")

    def get(self, account: str, media_id: str) -> Kept:
        """The account's file; 40007 when it is another's, too old or unknown."""
        kept = self.any(media_id)
        if kept is None or kept.account != account:
            raise Refusal(40007)
        return kept

    def any(self, media_id: str) -> Kept | None:
        kept = self._files.get(media_id)
        if kept is None or self._clock.now() - kept.at >= KEPT:
            return None
        return kept

    def _keep(self, account: str, body: bytes, suffix: str) -> str:
        media_id = secrets.token_urlsafe(48)
        self._files[media_id] = Kept(account, body, suffix, self._clock.now())
        self._bytes += len(body)
        while len(self._files) > _MOST_FILES or self._bytes > _MOST_BYTES:
            _, oldest = self._files.popitem(last=False)
            self._bytes -= len(oldest.body)
        return media_id


def image_suffix(body: bytes) -> str:
    """What kind of image it is by its first bytes; empty when it is none that WeChat takes."""
    return next((suffix for magic, suffix in _IMAGES.items() if body.startswith(magic)), "")
