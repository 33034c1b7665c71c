"""The Elasticsearch that is measured: one that runs, or the project's own, started for it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urldefrag

import elasticsearch

STARTS_WITHIN = 240.0  # seconds; the first time it is fetched


class CannotStart(Exception):
    """This machine lacks something; the message is the starter's."""


@contextmanager
def started(home: Path, port: int) -> Iterator[str]:
    """Its data lies under `home`; gives its address. Raises `CannotStart`."""
    address = f"http://127.0.0.1:{port}"
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o755)  # as root it runs as somebody who must be able to come in
    log = home / "elasticsearch.log"
    given = {"QIANMEN_HOME": str(home), "QIANMEN_ELASTICSEARCH_PORT": str(port)}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "deploy.elasticsearch"],
            env=os.environ | given,
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


def answers(address: str) -> bool:
    with elasticsearch.Elasticsearch(address, request_timeout=2, max_retries=0) as client:
        try:
            client.cluster.health()
        except (elasticsearch.ApiError, elasticsearch.TransportError):
            return False
    return True


def on_disk(address: str) -> float:
    """MB of the index that this address names."""
    server, name = urldefrag(address)
    with elasticsearch.Elasticsearch(server, request_timeout=30) as client:
        client.indices.flush(index=name)
        stats = client.indices.stats(index=name, metric="store")
        return float(stats["_all"]["primaries"]["store"]["size_in_bytes"]) / 1e6


def memory(address: str) -> tuple[float, float]:
    """MB of the heap that it may use, and what its process holds, if it runs on this machine."""
    with elasticsearch.Elasticsearch(urldefrag(address)[0], request_timeout=30) as client:
        (node,) = client.nodes.info(metric="jvm,process")["nodes"].values()
    heap = float(node["jvm"]["mem"]["heap_max_in_bytes"]) / 1e6
    try:
        status = Path(f"/proc/{node['process']['id']}/status").read_text(encoding="ascii")
    except OSError:
        return heap, float("nan")
    held = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return heap, int(held.split()[1]) / 1024
