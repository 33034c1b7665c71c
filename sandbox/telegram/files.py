"""Files that went through a bot, named as Telegram names them; never more than a few are kept."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from io import BytesIO
from typing import Any

from PIL import Image, UnidentifiedImageError

from sandbox.telegram.errors import Refused

LARGEST_DOWNLOAD = 20 * 1024 * 1024
LARGEST_PHOTO = 10 * 1024 * 1024
LARGEST_UPLOAD = 50 * 1024 * 1024
_MOST_FILES = 200
_MOST_BYTES = 128 * 1024 * 1024


def is_photo(body: bytes) -> bool:
    """Whether Telegram shows it as a photo: no side more than twenty times the other, both together
    at most 10,000 pixels."""
    try:
        with Image.open(BytesIO(body)) as picture:
            width, height = picture.size
    except UnidentifiedImageError:
        return False
    return width + height <= 10_000 and max(width, height) <= 20 * min(width, height)


class Files:
    def __init__(self) -> None:
        self._bodies: OrderedDict[str, bytes] = OrderedDict()
        self._numbers: dict[str, int] = {}
        self._last = 0

    def keep(self, body: bytes) -> dict[str, Any]:
        file_id = secrets.token_urlsafe(40)
        self._last += 1
        self._bodies[file_id] = body
        self._numbers[file_id] = self._last
        while len(self._bodies) > _MOST_FILES or self._size() > _MOST_BYTES:
            oldest, _ = self._bodies.popitem(last=False)
            del self._numbers[oldest]
        return {"file_id": file_id, "file_unique_id": file_id[:16], "file_size": len(body)}

    def describe(self, file_id: str) -> dict[str, Any]:
        """What `getFile` answers."""
        body = self._bodies.get(file_id)
        if body is None:
            raise Refused(400, "wrong file_id or the file is temporarily unavailable")
        if len(body) > LARGEST_DOWNLOAD:
            raise Refused(400, "file is too big")
        return {
            "file_id": file_id,
            "file_unique_id": file_id[:16],
            "file_size": len(body),
            "file_path": f"photos/file_{self._numbers[file_id]}.jpg",
        }

    def at(self, path: str) -> bytes | None:
        """The body behind a `file_path`."""
        for file_id, number in self._numbers.items():
            if path == f"photos/file_{number}.jpg":
                return self._bodies[file_id]
        return None

    def body(self, file_id: str) -> bytes | None:
        return self._bodies.get(file_id)

    @staticmethod
    def page_path(file_id: str) -> str:
        """Where the phone page finds it; the bot's own address would hold its token."""
        return f"/telegram/pictures/{file_id}"

    def _size(self) -> int:
        return sum(map(len, self._bodies.values()))
