"""The demo's folders under QIANMEN_HOME, and the lock that lets one demo live in each."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from pathlib import Path
from typing import IO

LOG_LIMIT = 50 * 1024 * 1024
_LEFTOVERS_END = 12.0  # a killed demo's guard needs up to six seconds


class AlreadyRunning(Exception):
    """Another supervisor holds this home; the text says which, and where it answers."""


def take(home: Path, addresses: str) -> IO[str]:
    """Lock this home for as long as the returned file is open, and lay its folders.

    Raises `AlreadyRunning` with what the other supervisor wrote down about itself.
    """
    for folder in (home, home / "run", home / "logs"):
        folder.mkdir(parents=True, exist_ok=True)
    lock = (home / "run" / "demo.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        other = lock.read().strip()
        lock.close()
        raise AlreadyRunning(other) from None
    lock.seek(0)
    lock.truncate()
    lock.write(f"process {os.getpid()}, {addresses}\n")
    lock.flush()
    return lock


def wait_for_leftovers(home: Path) -> None:
    """Give the guard of a killed demo the time to end its processes."""
    deadline = time.monotonic() + _LEFTOVERS_END
    with (home / "run" / "guard.lock").open("a") as lock:
        while time.monotonic() < deadline:
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            time.sleep(0.1)
    for file in (home / "run").glob("*.pid"):
        file.unlink()


def renew_logs(home: Path) -> None:
    """Each start has its own logs; the last start's are kept beside them."""
    for log in (home / "logs").glob("*.log"):
        log.replace(log.with_suffix(".log.1"))


def trim_logs(home: Path) -> None:
    """Start a log anew that has grown too long. Writers append, so they just go on."""
    for log in (home / "logs").glob("*.log"):
        if log.stat().st_size > LOG_LIMIT:
            log.with_suffix(".log.1").write_bytes(log.read_bytes())
            os.truncate(log, 0)
