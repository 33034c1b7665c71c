"""However the supervisor ends, nothing that it started stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.test_supervisor import is_there
from tests.ports import free_port

SCRIPT = Path(__file__).with_name("toy_supervisor.py")


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, str(SCRIPT), str(tmp_path), str(free_port())],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if "all ready" in line:
                break
        else:
            pytest.fail("the supervisor ended before all was ready")
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def everyone(home: Path) -> list[int]:
    files = [*(home / "run").glob("*.pid"), *home.glob("*.grandchild")]
    pids = [int(file.read_text()) for file in files]
    assert len(pids) == 4
    return pids


def gone(pids: list[int], *, within: float) -> bool:
    deadline = time.monotonic() + within
    while any(is_there(pid) for pid in pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asked_to_end_it_leaves_nobody(
    supervisor: subprocess.Popen[str], tmp_path: Path, number: signal.Signals
) -> None:
    pids = everyone(tmp_path)
    supervisor.send_signal(number)
    assert supervisor.wait(timeout=10) == 0
    assert gone(pids, within=2)
    assert list((tmp_path / "run").glob("*.pid")) == []


def test_killed_it_leaves_nobody(supervisor: subprocess.Popen[str], tmp_path: Path) -> None:
    pids = everyone(tmp_path)
    supervisor.kill()
    supervisor.wait()
    assert gone(pids, within=8)
    deadline = time.monotonic() + 2
    while list((tmp_path / "run").glob("*.pid")) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert list((tmp_path / "run").glob("*.pid")) == []


def test_a_killed_guard_is_replaced(supervisor: subprocess.Popen[str], tmp_path: Path) -> None:
    pids = everyone(tmp_path)
    server = int((tmp_path / "run" / "server.pid").read_text())
    os.kill(_guard_of(supervisor.pid), signal.SIGKILL)
    os.kill(server, signal.SIGKILL)  # its restart tells the new guard about everybody
    deadline = time.monotonic() + 5
    while not (guard := _guard_of(supervisor.pid)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert guard
    time.sleep(0.3)  # the guard reads what it is told
    supervisor.kill()
    supervisor.wait()
    assert gone(pids, within=8)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of the death")
def test_without_its_guard_a_killed_supervisor_still_takes_its_own_children_with_it(
    supervisor: subprocess.Popen[str], tmp_path: Path
) -> None:
    willing = [int((tmp_path / "run" / f"{name}.pid").read_text()) for name in ("server", "worker")]
    rest = set(everyone(tmp_path)) - set(willing)
    os.kill(_guard_of(supervisor.pid), signal.SIGKILL)
    supervisor.kill()
    supervisor.wait()
    try:
        assert gone(willing, within=3)
    finally:
        for pid in rest:  # the stubborn ones, which only the guard would have ended
            os.kill(pid, signal.SIGKILL)


def _guard_of(supervisor: int) -> int:
    """The supervisor's guard, or 0."""
    children = Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text().split()
    for child in map(int, children):
        if is_there(child) and b"guard.py" in Path(f"/proc/{child}/cmdline").read_bytes():
            return child
    return 0
