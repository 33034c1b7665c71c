"""A SQLite database: copied and put back by SQLite itself, beside whoever uses it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connection, connections
from django.utils.translation import gettext as _

from desk.keeping import counting
from desk.keeping.errors import DatabaseFailed
from desk.keeping.snapshot import Snapshot

_WAIT = 20  # seconds, for who is writing
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def dump(to: Path) -> Snapshot:
    """Copy the desk's database as it is at one moment. Raises `DatabaseFailed`."""
    copy_database(_live(), to)
    with closing(sqlite3.connect(to)) as copy:
        # One file, without the log that belongs beside it.
        copy.execute("PRAGMA journal_mode=DELETE")

        def ask(question: str) -> Sequence[Sequence[Any]]:
            return copy.execute(question).fetchall()

        return Snapshot(counting.rows(ask), counting.migrations(ask))


def load(file: Path) -> None:
    """Put a copy in the place of the desk's database, all or nothing. Raises `DatabaseFailed`."""
    connections.close_all()
    copy_database(file, _live())


def copy_database(source: Path, to: Path) -> None:
    """All pages in one step: in several, each write of somebody else would begin it anew.

    Raises `DatabaseFailed`.
    """
    give_up_at = time.monotonic() + _WAIT

    def waited(status: int, _remaining: int, _total: int) -> None:
        if status in _BUSY and time.monotonic() > give_up_at:
            raise sqlite3.OperationalError("database is locked")

    try:
        with (
            closing(sqlite3.connect(source, timeout=_WAIT)) as original,
            closing(sqlite3.connect(to, timeout=_WAIT)) as copy,
        ):
            original.backup(copy, pages=-1, progress=waited)
    except sqlite3.Error as error:
        raise DatabaseFailed(_("The database could not be copied: %s") % error) from error


def _live() -> Path:
    return Path(connection.settings_dict["NAME"])
