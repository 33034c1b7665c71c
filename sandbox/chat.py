"""What one citizen sees on a phone, and the pages that look at it live.

Bounded: an old line goes when a new one comes. A page that falls behind is cut off; it comes back
by itself and asks for what follows the last line that it has.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

MOST_ENTRIES = 200
_QUEUE = 200
_HEARTBEAT = 15.0


class Side(StrEnum):
    CITIZEN = "citizen"
    ACCOUNT = "account"
    SYSTEM = "system"


class Tap(msgspec.Struct, frozen=True, kw_only=True):
    """Something in a bubble that can be tapped."""

    id: str
    label: str
    url: str = ""
    row: int = 0


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line on the phone."""

    id: int
    at: datetime
    side: Side
    kind: str  # text | image | file | msgmenu | template | news | fault | notice
    text: str = ""
    via: str = ""  # passive | api
    taps: tuple[Tap, ...] = ()
    tail: str = ""
    picture: str = ""
    rows: tuple[tuple[str, str], ...] = ()
    url: str = ""
    ai: bool = False  # WeChat's grey line below a message that a machine wrote
    message_id: str = ""
    edited: bool = False


class Chat:
    def __init__(self) -> None:
        self.entries: deque[Entry] = deque(maxlen=MOST_ENTRIES)
        self._last = 0
        self._watchers: set[asyncio.Queue[bytes | None]] = set()

    def add(self, *, at: datetime, side: Side, kind: str, **rest: Any) -> Entry:
        self._last += 1
        entry = Entry(id=self._last, at=at, side=side, kind=kind, **rest)
        self.entries.append(entry)
        self.tell("entry", entry, entry.id)
        return entry

    @property
    def last(self) -> int:
        """The number of the newest line; grows with each."""
        return self._last

    def restore(self, entries: list[Entry]) -> None:
        self.entries.extend(entries)
        self._last = entries[-1].id if entries else 0

    def replace(self, entry: Entry, **changes: Any) -> Entry | None:
        """Change a line that is still there, as an edited message does."""
        for index, known in enumerate(self.entries):
            if known.id == entry.id:
                changed = msgspec.structs.replace(known, **changes)
                self.entries[index] = changed
                self.tell("changed", changed)
                return changed
        return None

    def tell(self, event: str, data: Any, number: int | None = None) -> None:
        """Show something to every page that looks."""
        line = f"id: {number}\n" if number is not None else ""
        body = f"{line}event: {event}\ndata: {msgspec.json.encode(data).decode()}\n\n".encode()
        for watcher in list(self._watchers):
            try:
                watcher.put_nowait(body)
            except asyncio.QueueFull:
                self._watchers.discard(watcher)
                while not watcher.empty():
                    watcher.get_nowait()
                watcher.put_nowait(None)

    async def watch(self, after: int) -> AsyncIterator[bytes]:
        """Server-sent events: what follows line `after`, then each new line as it comes."""
        queue: asyncio.Queue[bytes | None] = asyncio.Queue(_QUEUE)
        self._watchers.add(queue)
        try:
            yield b"retry: 1000\n\n"
            for entry in [entry for entry in self.entries if entry.id > after]:
                body = msgspec.json.encode(entry).decode()
                yield f"id: {entry.id}\nevent: entry\ndata: {body}\n\n".encode()
            while True:
                try:
                    async with asyncio.timeout(_HEARTBEAT):
                        line = await queue.get()
                except TimeoutError:
                    line = b": still here\n\n"
                if line is None:
                    return
                yield line
        finally:
            self._watchers.discard(queue)
