"""Where files are kept: under MEDIA_URL. Citizens' are named by their content, so that keeping one
twice writes the same key; what agents send is named by chance, because its name is its address.

The content decides what a file is, not its name or what a platform says.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import secrets
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

import filetype
import fsspec

from environment.settings import Settings

PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/heic"})
SOUNDS = frozenset({"audio/amr", "audio/ogg", "audio/mpeg", "audio/x-wav", "audio/mp4"})
FILMS = frozenset({"video/mp4", "video/quicktime", "video/webm"})
PICTURE_LIMIT = 5 * 1024 * 1024  # bytes, of a citizen's

# What agents send: what WeChat shows as a picture, and the papers of an office.
SENT_PICTURES = frozenset({"image/jpeg", "image/png", "image/gif"})
SENT_PAPERS = frozenset(
    {
        "application/pdf",
        "application/msword",
        "application/vnd.ms-excel",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
)
SENT = SENT_PICTURES | SENT_PAPERS
SENT_PICTURE_LIMIT = 10 * 1024 * 1024  # bytes; WeChat's and Telegram's for a picture
SENT_PAPER_LIMIT = 20 * 1024 * 1024
# With every file that is handed out: nothing in it may run in a reader's browser.
HANDED_OUT = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, max-age=600",
}
SENT_FOLDER = "sent"
PROOF_FOLDER = "proof"  # with the answers of departments; never handed out by its key alone
_UNFINISHED = ".part"
_SENT_KEY = re.compile(rf"{SENT_FOLDER}/(\d{{8}})/[0-9a-f]{{32}}\.[a-z]{{2,5}}")


class NotAllowed(ValueError):
    """A file of a kind that is not kept."""


class Kept(NamedTuple):
    key: str
    content_type: str
    size: int

    @property
    def kind(self) -> str:
        """What platforms and pages show of it: `image`, or `file`."""
        return "image" if self.content_type in SENT_PICTURES else "file"


class Kind(NamedTuple):
    mime: str
    extension: str


def kind_of(content: bytes, allowed: frozenset[str]) -> Kind:
    """Raises `NotAllowed` for every kind that is not allowed."""
    kind = filetype.guess(content)
    if kind is None or kind.mime not in allowed:
        raise NotAllowed(kind.mime if kind else "unknown")
    return Kind(kind.mime, kind.extension)


class MediaStore:
    def __init__(self, url: str) -> None:
        self._filesystem, self._root = fsspec.core.url_to_fs(url)

    async def keep(self, account: str, content: bytes, allowed: frozenset[str]) -> Kept:
        """Raises `NotAllowed`; what the storage raises (`OSError`) is worth another try."""
        kind = kind_of(content, allowed)
        digest = hashlib.sha256(content).hexdigest()
        key = f"{account}/{digest[:2]}/{digest}.{kind.extension}"
        await asyncio.to_thread(self._write, key, content)
        return Kept(key, kind.mime, len(content))

    def keep_sent(self, content: bytes) -> Kept:
        """A file for a citizen: whoever knows its key may read it, and nobody guesses 128 bits.

        Raises as `keep` does.
        """
        return self._keep_by_chance(SENT_FOLDER, content)

    def keep_proof(self, content: bytes) -> Kept:
        """A file that proves an answer; it stays as long as its case. Raises as `keep` does."""
        return self._keep_by_chance(PROOF_FOLDER, content)

    def _keep_by_chance(self, folder: str, content: bytes) -> Kept:
        kind = kind_of(content, SENT)
        key = f"{folder}/{datetime.now(UTC):%Y%m%d}/{secrets.token_hex(16)}.{kind.extension}"
        self._write(key, content)
        return Kept(key, kind.mime, len(content))

    def read(self, key: str) -> bytes:
        """Raises `FileNotFoundError`, also for a key that leads out of the store."""
        content: bytes = self._filesystem.cat_file(f"{self._root.rstrip('/')}/{_inside(key)}")
        return content

    def keys(self, under: str = "") -> list[str]:
        """All that is kept, or what is in one of its folders; without what is being written."""
        root = self._root.rstrip("/")
        found = self._filesystem.find(f"{root}/{under}".rstrip("/"))
        return [
            path.removeprefix(f"{root}/")
            for path in sorted(found)
            if not path.endswith(_UNFINISHED)
        ]

    def put(self, key: str, content: bytes) -> None:
        """Keep a file under the key that it had; what is there already stays.

        Raises `FileNotFoundError` for a key that leads out of the store.
        """
        self._write(_inside(key), content)

    def remove(self, key: str) -> None:
        """Twice is once. Raises `OSError`, also for a key that leads out of the store."""
        path = f"{self._root.rstrip('/')}/{_inside(key)}"
        if self._filesystem.exists(path):
            self._filesystem.rm_file(path)

    def _write(self, key: str, content: bytes) -> None:
        path = f"{self._root}/{key}"
        if self._filesystem.exists(path):
            return
        self._filesystem.makedirs(path.rpartition("/")[0], exist_ok=True)
        # A reader never sees half a file: written beside it, then renamed.
        unfinished = f"{path}.{id(content):x}{_UNFINISHED}"
        self._filesystem.pipe_file(unfinished, content)
        self._filesystem.mv(unfinished, path)


def _inside(key: str) -> str:
    """The key; raises `FileNotFoundError` for one that leads out of the store."""
    if not key or ".." in key.split("/"):
        raise FileNotFoundError(key)
    return key


def sent_on(key: str) -> date | None:
    """The day a sent file was kept; None for every key that is not one."""
    found = _SENT_KEY.fullmatch(key)
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


def media_url(settings: Settings) -> str:
    """MEDIA_URL, or a folder of QIANMEN_HOME."""
    return os.environ.get("MEDIA_URL") or Path(settings.home, "media").as_uri()
