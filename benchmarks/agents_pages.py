"""Agents' open pages as the desk's scripts behave: they listen, and ask again for what changed.

What `inbox.js` and `talk.js` do is done here: which events concern a page, and how often at most it
asks. A message counts as seen when a fragment that the page fetched holds its words.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import msgspec

from benchmarks.connection import Connection, NoAnswer

EVENT = re.compile(
    rb'event: (\w+)\ndata: (\{"conversation":(\d+|null)[^\n]*?"agent":(\d+|null)[^\n]*)'
)
# Seconds, as in the scripts: the wait before, and between the ends of two askings.
LIST = (0.1, 0.8)
RARELY = 0.075  # for each open page, at least 1.5
TALK = (0.1, 0.25)


class Soon:
    """At most once at a time and once in `pause`, and once more when asked meanwhile; `spread` over
    so many seconds."""

    def __init__(
        self,
        task: Callable[[], Awaitable[None]],
        delay: float,
        pause: float,
        spread: float = 0.0,
    ) -> None:
        self._task, self._delay, self._pause, self._spread = task, delay, pause, spread
        self._ended = float("-inf")
        self._asked = False
        self._running: asyncio.Task[None] | None = None

    def ask(self) -> None:
        self._asked = True
        if self._running is None:
            self._running = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while self._asked:
            rest = self._ended + self._pause - time.monotonic()
            delay = self._delay + random.random() * self._spread  # noqa: S311
            await asyncio.sleep(max(delay, rest))
            self._asked = False
            await self._task()
            self._ended = time.monotonic()
        self._running = None


@dataclass
class Seen:
    """Seconds from the push to the screen, by where it was seen; filled while pages look."""

    in_list: list[float] = field(default_factory=list)
    in_talk: list[float] = field(default_factory=list)
    requests: int = 0
    failures: int = 0

    def clear(self) -> None:
        """Forget what was seen while the parts got warm."""
        self.in_list.clear()
        self.in_talk.clear()
        self.requests = 0


class AgentsPage:
    """One agent's page: the list of their talks, and one of them open beside it."""

    def __init__(
        self, port: int, agent: int, cookie: str, talks: list[int], seen: Seen, pages: int
    ) -> None:
        self._port = port
        self._agent = str(agent).encode()
        self._headers = f"Cookie: {cookie}\r\nHX-Request: true\r\n"
        self._talks = {str(talk).encode() for talk in talks}
        self._opened = talks[0]
        self._seen = seen
        self._desk = Connection(port, timeout=30.0)
        self._one_at_a_time = asyncio.Lock()
        self._side = Connection(port, timeout=30.0)
        self._waits: dict[int, deque[tuple[str, float]]] = {talk: deque() for talk in talks}
        self._due: set[bytes] = set()  # talks whose citizen spoke last
        self._waits_there: deque[tuple[str, float]] = deque()  # in the open talk
        self._list = Soon(self._ask_list, *LIST)
        rarely = max(1.5, RARELY * pages)
        self._later = Soon(self._ask_list, 0.2, rarely, rarely)
        self._counts = Soon(self._ask_tabs, 0.2, 2 * rarely, 2 * rarely)
        self._talk = Soon(self._ask_talk, *TALK)

    def expect(self, talk: int, words: str, at: float) -> None:
        self._waits[talk].append((words, at))
        if talk == self._opened:
            self._waits_there.append((words, at))

    @property
    def unseen(self) -> int:
        return len(self._waits_there) + sum(len(waits) for waits in self._waits.values())

    async def listen(self) -> None:
        """Until cancelled."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        request = f"GET /live HTTP/1.1\r\nHost: 127.0.0.1\r\n{self._headers}\r\n"
        writer.write(request.encode())
        try:
            rest = b""
            while chunk := await reader.read(65536):
                *events, rest = (rest + chunk).split(b"\n\n")
                for event in events:
                    if found := EVENT.search(event):
                        self._heard(*found.groups())
        finally:
            writer.close()

    def _heard(self, kind: bytes, data: bytes, talk: bytes, agent: bytes) -> None:
        if kind == b"look":
            return
        if talk in self._talks or agent == self._agent:
            if b'"row":' in data:
                row = msgspec.json.decode(data)["row"]
                self._look(row, self._waits[int(talk)], self._seen.in_list)
                if talk not in self._due:  # it changes its group
                    self._due.add(talk)
                    self._later.ask()
            elif kind != b"delivery":
                self._list.ask()
            if talk == str(self._opened).encode():
                self._talk.ask()
        elif kind == b"owner":
            self._later.ask()
        elif kind != b"delivery":
            self._counts.ask()

    async def _ask_list(self) -> None:
        address = f"/conversations/rows?tab=mine&hotline=&q=&limit=50&open={self._opened}"
        async with self._one_at_a_time:
            page = await self._get(self._desk, address)
        for waits in self._waits.values():
            self._look(page, waits, self._seen.in_list)

    async def _ask_tabs(self) -> None:
        async with self._one_at_a_time:
            await self._get(self._desk, "/conversations/tabs?tab=mine&hotline=&q=&limit=50")

    async def _ask_talk(self) -> None:
        page = await self._get(self._side, f"/conversations/{self._opened}/open")
        self._look(page, self._waits_there, self._seen.in_talk)

    async def _get(self, connection: Connection, target: str) -> str:
        self._seen.requests += 1
        try:
            answer = await connection.get_again(target, self._headers)
        except NoAnswer:
            self._seen.failures += 1
            return ""
        self._seen.failures += answer.status != 200
        return answer.body.decode()

    @staticmethod
    def _look(page: str, waits: deque[tuple[str, float]], took: list[float]) -> None:
        """A list shows only the last words: who sees them has seen what came before."""
        now = time.monotonic()
        known = max((at for at, (words, _) in enumerate(waits) if words in page), default=-1)
        for _ in range(known + 1):
            _words, began = waits.popleft()
            took.append(now - began)
