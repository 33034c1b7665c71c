"""A PostgreSQL database: dumped and put back by its own programs.

The password goes to them by the environment: a command line is everybody's to read.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from django.db import connection, connections, transaction
from django.utils.translation import gettext as _

from desk.keeping import counting
from desk.keeping.errors import DatabaseFailed, ProgramMissing
from desk.keeping.snapshot import Snapshot

_PLAIN = ("--no-owner", "--no-privileges")
_WAIT = 20  # seconds, for a table that somebody uses
_TOLD = 3  # last lines of what a program says


def dump(to: Path) -> Snapshot:
    """Dump the state that is counted: both read one snapshot. Raises `KeepingError`."""
    program = _program("pg_dump")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            [name] = cursor.fetchone() or [""]
        counted = Snapshot(counting.rows(counting.ask_live), counting.migrations(counting.ask_live))
        _run([program, "--format=custom", *_PLAIN, f"--snapshot={name}", f"--file={to}"])
    return counted


def load(file: Path) -> None:
    """Put a dump in the place of all tables, in one transaction. Raises `KeepingError`."""
    restore, client = _program("pg_restore"), _program("psql")
    drop, script = file.with_name("drop.sql"), file.with_name("restore.sql")
    # Also the tables that the dump does not have: a migration will make them again.
    names = map(connection.ops.quote_name, connection.introspection.table_names())
    drop.write_text("".join(f"DROP TABLE IF EXISTS {name} CASCADE;\n" for name in names))
    _run([restore, "--clean", "--if-exists", *_PLAIN, f"--file={script}", str(file)])
    disconnect()
    at_once = ["--single-transaction", "--set=ON_ERROR_STOP=1", "--quiet", "--no-psqlrc"]
    _run([client, *at_once, f"--file={drop}", f"--file={script}"])


def disconnect() -> None:
    """Also the connections that wait in the pool: their tables are about to go."""
    connections.close_all()
    close_pool = getattr(connection, "close_pool", None)
    if close_pool is not None:
        close_pool()


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise ProgramMissing(
            _("%s is missing: install PostgreSQL's client programs of the server's version.") % name
        )
    return found


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(  # noqa: S603  programs of PostgreSQL's, with arguments of ours
        command, env=_environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        words = {
            "program": Path(command[0]).name,
            "why": "\n".join(done.stderr.strip().splitlines()[-_TOLD:]),
        }
        raise DatabaseFailed(_("%(program)s failed: %(why)s") % words)


def _environment() -> dict[str, str]:
    settings = connection.settings_dict
    given = {
        "PGHOST": settings["HOST"],
        "PGPORT": str(settings["PORT"] or ""),
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"],
        "PGDATABASE": settings["NAME"],
        "PGSSLMODE": settings["OPTIONS"].get("sslmode", ""),
        # A transaction that somebody left open is not waited for until the morning.
        "PGOPTIONS": f"-c lock_timeout={_WAIT}s",
    }
    return os.environ | {name: value for name, value in given.items() if value}
