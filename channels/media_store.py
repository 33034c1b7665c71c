"""Where citizens' files are kept: under MEDIA_URL, named by their content.

The content decides what a file is, not its name or what a platform says. Keeping a file twice
writes the same key.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
from pathlib import Path
from typing import NamedTuple

import filetype
import fsspec

from environment.settings import Settings

PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/heic"})
SOUNDS = frozenset({"audio/amr", "audio/ogg", "audio/mpeg", "audio/x-wav", "audio/mp4"})
FILMS = frozenset({"video/mp4", "video/quicktime", "video/webm"})
PICTURE_LIMIT = 5 * 1024 * 1024


class NotAllowed(ValueError):
    """A file of a kind that is not kept."""


class Kept(NamedTuple):
    key: str
    content_type: str
    size: int


class MediaStore:
    def __init__(self, url: str) -> None:
        self._filesystem, self._root = fsspec.core.url_to_fs(url)

    async def keep(self, account: str, content: bytes, allowed: frozenset[str]) -> Kept:
        """Raises `NotAllowed`; what the storage raises (`OSError`) is worth another try."""
        kind = filetype.guess(content)
        if kind is None or kind.mime not in allowed:
            raise NotAllowed(kind.mime if kind else "unknown")
        digest = hashlib.sha256(content).hexdigest()
        key = f"{account}/{digest[:2]}/{digest}.{kind.extension}"
        await asyncio.to_thread(self._write, key, content)
        return Kept(key, kind.mime, len(content))

    def _write(self, key: str, content: bytes) -> None:
        path = f"{self._root}/{key}"
        if self._filesystem.exists(path):
            return
        self._filesystem.makedirs(path.rpartition("/")[0], exist_ok=True)
        # A reader never sees half a file: written beside it, then renamed.
        unfinished = f"{path}.{id(content):x}.part"
        self._filesystem.pipe_file(unfinished, content)
        self._filesystem.mv(unfinished, path)


def media_url(settings: Settings) -> str:
    """MEDIA_URL, or a folder of QIANMEN_HOME."""
    return os.environ.get("MEDIA_URL") or Path(settings.home, "media").as_uri()
