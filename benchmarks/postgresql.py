"""A PostgreSQL of one's own: an empty cluster in a folder of its own, gone afterwards."""

from __future__ import annotations

import getpass
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

USER = "qianmen"


class NoPostgreSQL(Exception):
    """This machine has none."""


def programs() -> Path | None:
    """Where PostgreSQL's own programs are: Debian keeps them out of the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


@contextmanager
def server(port: int) -> Iterator[str]:
    """The database's address. Raises `NoPostgreSQL`."""
    binaries = programs()
    if binaries is None:
        raise NoPostgreSQL("no PostgreSQL on this machine: apt-get install postgresql")
    owner = "postgres" if getpass.getuser() == "root" else None  # it refuses to run as root
    folder = Path(tempfile.mkdtemp(prefix="qianmen-pg-"))
    if owner:
        shutil.chown(folder, owner)

    def run(*command: str) -> None:
        subprocess.run(command, check=True, user=owner, cwd=folder, capture_output=True)  # noqa: S603

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
