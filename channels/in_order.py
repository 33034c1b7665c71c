"""One task a citizen, one piece of work after the other; different citizens side by side."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable

import structlog

log = structlog.get_logger(__name__)


class InOrder:
    def __init__(self, at_most: int = 2000) -> None:
        self._queues: dict[Hashable, deque[Callable[[], Awaitable[None]]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(at_most)

    async def add(self, key: Hashable, work: Callable[[], Awaitable[None]]) -> None:
        """Waits while there is too much in hand."""
        await self._room.acquire()
        queue = self._queues.get(key)
        if queue is not None:
            queue.append(work)
            return
        self._queues[key] = deque([work])
        task = asyncio.create_task(self._work_off(key))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work_off(self, key: Hashable) -> None:
        queue = self._queues[key]
        try:
            while queue:
                try:
                    await queue[0]()
                except Exception:  # the entry stays unacknowledged and is read again
                    log.exception("in_order.failed")
                finally:
                    self._room.release()
                queue.popleft()
        finally:
            del self._queues[key]

    async def finish(self, seconds: float) -> None:
        """Give what is in hand some seconds, then let go of it."""
        if not self._tasks:
            return
        _, late = await asyncio.wait(set(self._tasks), timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
