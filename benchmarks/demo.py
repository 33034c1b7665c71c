"""A demo of its own for the run: a temporary home, free ports, gone afterwards.

Only PATH and the like are taken from the surroundings, so that no `.env` and no variable of the
machine changes what is measured.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from environment.settings import DEFAULT_PORTS, ROOT
from sandbox.accounts import Accounts, read_accounts

READY = "Qianmen is ready"
STARTS_WITHIN = 300.0
ENDS_WITHIN = 60.0


class CannotMeasure(Exception):
    """What should be measured did not start; the text says where to look."""


@dataclass(frozen=True)
class Demo:
    home: Path
    ports: dict[str, int]
    environment: dict[str, str]

    @property
    def accounts(self) -> Accounts:
        return read_accounts(self.home / "channels.toml", self.environment | self.secrets)

    @property
    def secrets(self) -> dict[str, str]:
        lines = (self.home / "demo.env").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines if "=" in line and line[0] != "#")


@contextmanager
def running(*, home: Path | None = None, extra: dict[str, str] | None = None) -> Iterator[Demo]:
    """Set up a demo, start it, and take it down. A `home` that is given is kept and used again."""
    folder = home or Path(tempfile.mkdtemp(prefix="qianmen-bench-"))
    try:
        ports = free_ports()
        environment = _environment(folder, ports) | (extra or {})
        _set_up(environment)
        with _started(folder, environment):
            yield Demo(folder, ports, environment)
    finally:
        if home is None:
            shutil.rmtree(folder, ignore_errors=True)


def free_ports() -> dict[str, int]:
    """One for each process, all different."""
    probes = {name: socket.socket() for name in DEFAULT_PORTS}
    for probe in probes.values():
        probe.bind(("127.0.0.1", 0))
    ports = {name: probe.getsockname()[1] for name, probe in probes.items()}
    for probe in probes.values():
        probe.close()
    return ports


def _environment(home: Path, ports: dict[str, int]) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("QIANMEN_", "WECHAT_", "TELEGRAM_"))
        and name not in ("DATABASE_URL", "REDIS_URL", "ELASTICSEARCH_URL", "SECRET_KEY")
        and not (name.endswith("_URL") and name.split("_")[0] in _OURS)
    }
    return kept | {
        "QIANMEN_HOME": str(home),
        "QIANMEN_CHANNELS": "",
        "QIANMEN_DEMO_KNOWLEDGE": "sample",
        **{f"QIANMEN_{name.upper()}_PORT": str(port) for name, port in ports.items()},
    }


_OURS = frozenset({"RASA", "ACTIONS", "DESK", "PUBLIC", "MEDIA", "EMAIL"})


def _set_up(environment: dict[str, str]) -> None:
    """A kept home as well: it may be older than the code."""
    done = subprocess.run(
        [sys.executable, "-m", "deploy.inside", "desk.setup"],
        cwd=ROOT,
        env=environment,
        stdout=sys.stderr,
        check=False,
    )
    if done.returncode:
        raise CannotMeasure("the demo of the benchmarks could not be set up; see above")


@contextmanager
def _started(home: Path, environment: dict[str, str]) -> Iterator[None]:
    log = home / "bench-demo.log"
    with log.open("wb") as out:
        supervisor = subprocess.Popen(
            [sys.executable, "-m", "deploy.demo", "--stop-with-parent"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until_ready(supervisor, log)
        yield
    finally:
        supervisor.send_signal(signal.SIGTERM)
        try:
            supervisor.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            supervisor.send_signal(signal.SIGINT)  # the second time it hurries
            supervisor.wait(ENDS_WITHIN)


def _wait_until_ready(supervisor: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline:
        if READY in log.read_text(errors="replace"):
            return
        if supervisor.poll() is not None:
            break
        time.sleep(0.2)
    tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
    raise CannotMeasure(f"the demo did not start:\n{tail}")
