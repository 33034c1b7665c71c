"""One kept HTTP connection, as lean as it can be: the client must not be what is measured."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass


class NoAnswer(Exception):
    """The other side closed, took too long, or answered what is not understood here."""


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes


class Connection:
    """Requests one after another; opened at the first, and again when the server closed it."""

    def __init__(self, port: int, timeout: float) -> None:
        self._port = port
        self._timeout = timeout
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def post(self, target: str, body: bytes, content_type: str) -> Answer:
        head = (
            f"POST {target} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n"
            f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return await self._answered(head.encode() + body)

    async def get(self, target: str, headers: str = "") -> Answer:
        """`headers` are whole lines, each with its end."""
        head = f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n{headers}\r\n"
        return await self._answered(head.encode())

    async def get_again(self, target: str, headers: str = "") -> Answer:
        """Once more when the server had closed the connection meanwhile, as browsers do."""
        try:
            return await self.get(target, headers)
        except NoAnswer:
            return await self.get(target, headers)

    async def _answered(self, request: bytes) -> Answer:
        try:
            async with asyncio.timeout(self._timeout):
                return await self._exchange(request)
        except (OSError, TimeoutError, ValueError, asyncio.IncompleteReadError) as error:
            await self.close()
            raise NoAnswer(type(error).__name__) from error

    async def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None

    async def _exchange(self, request: bytes) -> Answer:
        if self._reader is None or self._writer is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        status, length, closes = _read_head(head)
        body = await self._reader.readexactly(length)
        if closes:
            await self.close()
        return Answer(status, body)


def _read_head(head: bytes) -> tuple[int, int, bool]:
    lines = head.split(b"\r\n")
    length, closes = -1, False
    for line in lines[1:]:
        name, _, value = line.partition(b":")
        match name.lower():
            case b"content-length":
                length = int(value)
            case b"connection":
                closes = value.strip().lower() == b"close"
    if length < 0:
        raise ValueError("an answer without a length")
    return int(lines[0].split(b" ", 2)[1]), length, closes
