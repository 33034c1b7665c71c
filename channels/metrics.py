"""What channels count, and where it can be read: on a loopback port of its own.

With PROMETHEUS_MULTIPROC_DIR set, every process of ours writes there and the gateway shows all.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    multiprocess,
    start_http_server,
)

INBOUND = Counter("qianmen_inbound", "Messages kept", ["account", "kind"])
DUPLICATES = Counter("qianmen_inbound_duplicates", "Messages that came again", ["account"])
REFUSED = Counter("qianmen_inbound_refused", "Requests turned away", ["account", "why"])
DELIVERIES = Counter("qianmen_deliveries", "How Outbounds ended", ["account", "via", "state"])
MEDIA = Counter("qianmen_media", "Citizens' files fetched", ["account", "result"])
EXCHANGE = Histogram(
    "qianmen_exchange_seconds",
    "From a platform's push to our answer",
    ["channel"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 4, 4.5, 5, 10),
)
SEND = Histogram(
    "qianmen_send_seconds",
    "One call to a platform",
    ["channel"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10),
)


def serve_metrics(port: int) -> Callable[[], None]:
    """Answer on 127.0.0.1:`port`; returns what stops it."""
    registry = REGISTRY
    directory = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if directory:
        Path(directory).mkdir(parents=True, exist_ok=True)
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    server: Any
    server, thread = start_http_server(port, addr="127.0.0.1", registry=registry)

    def stop() -> None:
        server.shutdown()
        server.server_close()
        thread.join(5)

    return stop
