"""One lane a citizen: their messages one after another, different citizens beside each other."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import structlog

log = structlog.get_logger(__name__)

type Job = Callable[[], None]


class Lanes:
    """Runs jobs on a pool of threads, in order within a lane. A job must not raise.

    `at_end` is called on each thread before it ends: to give back what it holds.
    """

    def __init__(self, threads: int, at_end: Job | None = None) -> None:
        self._threads = threads
        self._at_end = at_end
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="lane")
        self._lock = threading.Condition()
        self._waiting: dict[str, deque[Job]] = {}
        self._in_flight = 0

    def add(self, lane: str, job: Job) -> None:
        with self._lock:
            self._in_flight += 1
            queue = self._waiting.get(lane)
            if queue is not None:
                queue.append(job)
                return
            self._waiting[lane] = deque([job])
        self._pool.submit(self._drive, lane)

    def _drive(self, lane: str) -> None:
        while True:
            with self._lock:
                job = self._waiting[lane][0]
            try:
                job()
            except Exception:  # what stands behind it must not wait for ever
                log.exception("a job failed")
            finally:
                with self._lock:
                    queue = self._waiting[lane]
                    queue.popleft()
                    self._in_flight -= 1
                    if not queue:
                        del self._waiting[lane]
                    self._lock.notify_all()
            if not queue:
                return

    @property
    def in_flight(self) -> int:
        return self._in_flight

    def wait_below(self, limit: int, timeout: float) -> bool:
        """Wait until fewer than `limit` jobs are under way; False when `timeout` (s) is over."""
        with self._lock:
            return self._lock.wait_for(lambda: self._in_flight < limit, timeout)

    def close(self) -> None:
        """Wait for what is under way, then end the threads."""
        if self._at_end is not None:
            everyone = threading.Barrier(self._threads)
            for _thread in range(self._threads):
                self._pool.submit(self._leave, everyone, self._at_end)
        self._pool.shutdown(wait=True)

    @staticmethod
    def _leave(everyone: threading.Barrier, at_end: Job) -> None:
        everyone.wait(timeout=60)  # so that each thread takes one of these
        at_end()
