"""A real Elasticsearch for the tests, from the project's own starter, when none is running."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import elasticsearch

from tests.ports import free_port

STARTS_WITHIN = 240  # seconds; the first time it is fetched


class CannotStart(Exception):
    """This machine lacks something; the message is the starter's."""


def answers(address: str) -> bool:
    with elasticsearch.Elasticsearch(address, request_timeout=2, max_retries=0) as client:
        try:
            client.cluster.health()
        except (elasticsearch.ApiError, elasticsearch.TransportError):
            return False
    return True


@contextmanager
def own_elasticsearch(home: Path) -> Iterator[str]:
    """Start one with its data under `home`; gives its address."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    home.chmod(0o755)  # as root it runs as somebody who must be able to come in
    log = home / "elasticsearch.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "deploy.elasticsearch"],
            env=os.environ | {"QIANMEN_HOME": str(home), "QIANMEN_ELASTICSEARCH_PORT": str(port)},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        end = time.monotonic() + STARTS_WITHIN
        while not answers(address):
            if process.poll() is not None or time.monotonic() > end:
                raise CannotStart(log.read_text(errors="replace")[-600:])
            time.sleep(0.5)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=60)
