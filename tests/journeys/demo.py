"""All of Qianmen as `python -m deploy.demo` starts it, in a home of its own and on free ports."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from environment.settings import DEFAULT_PORTS, ROOT

READY_WITHIN = 240.0  # on a machine with much else to do
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "LD_LIBRARY_PATH")


class Demo:
    """One demo: where it answers, and how to hurt it."""

    def __init__(self, home: Path, ports: dict[str, int], settings: Mapping[str, str]) -> None:
        self.home = home
        self.ports = ports
        self.gateway = f"http://127.0.0.1:{ports['gateway']}"
        self.desk = f"http://127.0.0.1:{ports['desk']}"
        self.environment = (
            {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
            | {f"QIANMEN_{name.upper()}_PORT": str(port) for name, port in ports.items()}
            | {"QIANMEN_HOME": str(home)}
            | dict(settings)
        )
        self._said = home / "demo.said"
        self._process: subprocess.Popen[bytes] | None = None

    def set_up(self) -> None:
        """Make the database and its city; what is there stays."""
        self._check(["deploy/setup.sh", "--desk-only"])

    def manage(self, *words: str) -> str:
        """`bin/manage WORDS`; what it printed."""
        return self._check(["bin/manage", *words])

    def manage_as_it_is(self, *words: str) -> str:
        """The same without a look at whether the home is set up: a copied one is."""
        return self._check([sys.executable, "-m", "deploy.inside", "desk.manage", *words])

    def _check(self, command: list[str]) -> str:
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=900
        )
        assert done.returncode == 0, f"{command}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
        return done.stdout

    def start(self) -> None:
        with self._said.open("wb") as said:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "deploy.demo", "--stop-with-parent"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + READY_WITHIN
        while "Qianmen is ready" not in self.said:
            assert self._process.poll() is None, self.said
            assert time.monotonic() < deadline, self.said
            time.sleep(0.2)

    @property
    def said(self) -> str:
        return self._said.read_text() if self._said.exists() else ""

    def stop(self) -> None:
        if self._process is None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def pid_of(self, part: str) -> int:
        return int((self.home / "run" / f"{part}.pid").read_text())

    def kill(self, part: str) -> int:
        """`kill -9`; the supervisor starts it again. Returns the process that is gone."""
        pid = self.pid_of(part)
        os.kill(pid, signal.SIGKILL)
        return pid

    def has_started_again(self, part: str, gone: int) -> bool:
        file = self.home / "run" / f"{part}.pid"
        return file.exists() and int(file.read_text()) != gone

    def rows(self, query: str, *values: str | int) -> list[tuple[object, ...]]:
        """Read the desk's database beside it."""
        path = f"file:{self.home / 'qianmen.sqlite3'}?mode=ro"
        with closing(sqlite3.connect(path, uri=True, timeout=30)) as database:
            return database.execute(query, values).fetchall()

    def keep_logs(self, folder: Path) -> None:
        shutil.copytree(self.home / "logs", folder, dirs_exist_ok=True)


@contextmanager
def a_demo(home: Path, ports: dict[str, int], **settings: str) -> Iterator[Demo]:
    """A demo that is not started yet; whatever was started is stopped at the end."""
    home.mkdir(parents=True, exist_ok=True)
    demo = Demo(home, ports, settings)
    try:
        yield demo
    finally:
        demo.stop()


def free_ports(*others: str) -> dict[str, int]:
    """A free port for each part, and for each of the `others`."""
    names = [*DEFAULT_PORTS, *others]
    probes = [socket.socket() for _ in names]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return {name: probe.getsockname()[1] for name, probe in zip(names, probes, strict=True)}
    finally:
        for probe in probes:
            probe.close()
