"""Is a part there yet? Each check asks once, answers within a second, and never raises."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

Check = Callable[[], Awaitable[bool]]

PATIENCE = 1.0
FRESH = 5.0  # a `.ready` file is touched every 2 s; two missed touches are still alive


@dataclass(frozen=True)
class HttpAnswers:
    """`GET path` on loopback answers 200."""

    port: int
    path: str = "/healthz"

    async def __call__(self) -> bool:
        request = (
            f"GET {self.path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nConnection: close\r\n\r\n"
        )
        answer = await _exchange(self.port, request.encode())
        return answer.split(b" ", 2)[1:2] == [b"200"]


@dataclass(frozen=True)
class RedisAnswers:
    """PING answers PONG; a server that still loads its file answers LOADING."""

    port: int

    async def __call__(self) -> bool:
        return await _exchange(self.port, b"PING\r\n") == b"+PONG"


@dataclass(frozen=True)
class FileIsFresh:
    """The process touched its `.ready` file a moment ago."""

    path: Path

    async def __call__(self) -> bool:
        try:
            return time.time() - os.stat(self.path).st_mtime < FRESH
        except FileNotFoundError:
            return False


async def _exchange(port: int, request: bytes) -> bytes:
    """The first line of the answer, or nothing."""
    try:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(request)
                return (await reader.readline()).strip()
            finally:
                writer.close()
    except (OSError, TimeoutError, ValueError):
        return b""
