"""Where a Python process spends its processor time, found from inside it by a thread that looks.

Put this folder on PYTHONPATH and name a folder in QIANMEN_BENCH_SAMPLES: while a file `on` is in
it, each process looks at its threads every few milliseconds and charges the processor time that a
thread has used since to the place where it stands. When the file is gone, what was found is
written to `{pid}.json`. Runs in Rasa's Python 3.10 as well, and needs nothing.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from pathlib import Path
from types import FrameType

EVERY = 0.004  # seconds
LOOKED_FOR = 0.2
DEPTH = 60


class Sampler(threading.Thread):
    def __init__(self, folder: Path) -> None:
        super().__init__(name="sampler", daemon=True)
        self._folder = folder
        self._spent: dict[tuple[str, ...], float] = {}

    def run(self) -> None:
        while True:
            time.sleep(LOOKED_FOR)
            if not (self._folder / "on").exists():
                continue
            sys.setswitchinterval(0.0005)  # or a thread that computes is hardly ever seen
            self._sample()
            sys.setswitchinterval(0.005)
            self._write()

    def _sample(self) -> None:
        self._spent = {}
        before = _processor_time()
        looked = time.monotonic()
        while True:
            time.sleep(EVERY)
            now = _processor_time()
            for thread, frame in sys._current_frames().items():
                used = now.get(thread, 0.0) - before.get(thread, now.get(thread, 0.0))
                if used > 0 and thread != self.ident:
                    stack = _stack(frame)
                    self._spent[stack] = self._spent.get(stack, 0.0) + used
            before = now
            if time.monotonic() - looked > LOOKED_FOR:
                looked = time.monotonic()
                if not (self._folder / "on").exists():
                    return

    def _write(self) -> None:
        rows = [{"stack": stack, "seconds": spent} for stack, spent in self._spent.items()]
        found = {"command": sys.argv, "spent": rows}
        (self._folder / f"{os.getpid()}.json").write_text(json.dumps(found), encoding="utf-8")


def _processor_time() -> dict[int, float]:
    times: dict[int, float] = {}
    for thread in threading.enumerate():
        if thread.ident is None:
            continue
        try:
            times[thread.ident] = time.clock_gettime(time.pthread_getcpuclockid(thread.ident))
        except OSError:  # it ended just now
            continue
    return times


def _stack(frame: FrameType | None) -> tuple[str, ...]:
    """The functions from the innermost outwards."""
    places: list[str] = []
    while frame is not None and len(places) < DEPTH:
        code = frame.f_code
        places.append(f"{_short(code.co_filename)}:{code.co_name}:{frame.f_lineno}")
        frame = frame.f_back
    return tuple(places)


def _short(file: str) -> str:
    for mark in ("/site-packages/", "/lib/python3.10/", "/lib/python3.12/"):
        if mark in file:
            return file.split(mark, 1)[1]
    return os.path.relpath(file) if os.path.isabs(file) else file


def _start() -> None:
    folder = os.environ.get("QIANMEN_BENCH_SAMPLES")
    if folder and hasattr(time, "pthread_getcpuclockid"):
        Sampler(Path(folder)).start()


_start()
