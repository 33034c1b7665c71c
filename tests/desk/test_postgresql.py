"""The desk's tests once more, on a real PostgreSQL."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SUITES = (
    "tests/desk/conversations",
    "tests/desk/api",
    "tests/desk/quality",
    "tests/desk/routing",
    "tests/desk/synonyms",
)
USER = "qianmen"


def programs() -> Path | None:
    """Where PostgreSQL's own programs are: Debian keeps them out of the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


@contextmanager
def server(binaries: Path, port: int) -> Iterator[str]:
    """A server with an empty cluster; gives the database's address."""
    owner = "postgres" if getpass.getuser() == "root" else None  # it refuses to run as root
    folder = Path(tempfile.mkdtemp(prefix="qianmen-pg-"))
    if owner:
        shutil.chown(folder, owner)

    def run(*command: str) -> None:
        subprocess.run(command, check=True, user=owner, cwd=folder, capture_output=True)

    data = str(folder / "data")
    run(str(binaries / "initdb"), "-D", data, "-U", USER, "--auth=trust", "-E", "UTF8", "-N")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    control = str(binaries / "pg_ctl")
    run(control, "-D", data, "-w", "-o", options, "-l", str(folder / "log"), "start")
    try:
        yield f"postgres://{USER}@127.0.0.1:{port}/postgres"
    finally:
        run(control, "-D", data, "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.timeout(600)
def test_the_desk_does_the_same_on_postgresql(unused_tcp_port: int) -> None:
    binaries = programs()
    if binaries is None:
        pytest.skip("no PostgreSQL")
    with server(binaries, unused_tcp_port) as address:
        run = subprocess.run(
            [sys.executable, "-m", "pytest", *SUITES, "-q", "-p", "no:cacheprovider"],
            env=os.environ | {"TEST_DATABASE_URL": address},
            capture_output=True,
            text=True,
            check=False,
        )
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-1000:]
