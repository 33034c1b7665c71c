"""`python -m deploy.demo`, refused for a reason that the reader can mend."""

import os
import socket
import subprocess
import sys
from pathlib import Path

from deploy.demo import home as demo_home
from environment.settings import DEFAULT_PORTS, ROOT
from tests.ports import free_port


def demo(home: Path, **given: str) -> subprocess.CompletedProcess[str]:
    ports = {f"QIANMEN_{name.upper()}_PORT": str(free_port()) for name in DEFAULT_PORTS}
    own = {name: value for name, value in os.environ.items() if "QIANMEN" not in name}
    return subprocess.run(
        [sys.executable, "-m", "deploy.demo"],
        env={**own, **ports, "QIANMEN_HOME": str(home), **given},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_second_start_from_the_same_home_is_told_of_the_first(tmp_path: Path) -> None:
    with demo_home.take(tmp_path, "start page http://127.0.0.1:8002/"):
        answer = demo(tmp_path)
    assert answer.returncode == 1
    assert f"already runs from {tmp_path} (process {os.getpid()}, start page" in answer.stderr


def test_a_busy_port_is_named_and_nothing_is_started(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        answer = demo(tmp_path, QIANMEN_GATEWAY_PORT=str(other.getsockname()[1]))
    assert answer.returncode == 1
    assert "which gateway needs, is in use: set QIANMEN_GATEWAY_PORT" in answer.stderr
    assert list((tmp_path / "logs").iterdir()) == []


def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    answer = demo(tmp_path, QIANMEN_DESK_PORT="desk")
    assert answer.returncode == 1
    assert "QIANMEN_DESK_PORT" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_the_demo_refuses_production(tmp_path: Path) -> None:
    answer = demo(tmp_path, QIANMEN_ENV="production")
    assert answer.returncode == 1
    assert "starts nothing in production" in answer.stderr
    assert list(tmp_path.iterdir()) == []
