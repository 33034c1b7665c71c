"""Reads a complaint's fields with `intake`, with the city's departments and what it has learned.

Both are files under `QIANMEN_HOME` that the desk writes; they are read again when they change.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import msgspec
import structlog

from actions.city_files import DEPARTMENTS, TRIAGE
from actions.drafting import READ
from actions.library import Said
from intake.complaint import Reading, read, warm
from intake.department import Department, Directory
from intake.kind import kind
from intake.learned import FIELDS, Learned, NotAModel, model_path

log = structlog.get_logger(__name__)


Stamp = tuple[tuple[str, int], ...]


class IntakeReader:
    """Safe for threads: what was read is swapped whole."""

    def __init__(self, home: Path) -> None:
        self._departments = home / DEPARTMENTS
        self._triage = home / TRIAGE
        self._lock = threading.Lock()
        self._stamp: Stamp | None = None
        self._known: tuple[Directory | None, Learned | None] = (None, None)

    def warm(self) -> None:
        """Load what the first citizen would wait for."""
        warm()
        self._current()

    def read(self, text: str, now: datetime) -> Mapping[str, Said]:
        directory, learned = self._current()
        return _fields(read(text, now, directory, learned))

    def kind(self, text: str) -> str:
        _directory, learned = self._current()
        found = (learned and learned.read("kind", text)) or kind(text)
        return found.value if found else ""

    def _current(self) -> tuple[Directory | None, Learned | None]:
        stamp = self._stamp_now()
        if stamp != self._stamp:
            with self._lock:
                self._known = (self._read_departments(), self._read_learned())
                self._stamp = stamp
        return self._known

    def _stamp_now(self) -> Stamp:
        paths = [self._departments, *(model_path(self._triage, field) for field in FIELDS)]
        return tuple((path.name, path.stat().st_mtime_ns) for path in paths if path.is_file())

    def _read_departments(self) -> Directory | None:
        """The city's departments; without them a case goes to the agent without one."""
        if not self._departments.is_file():
            return None
        try:
            rows = msgspec.json.decode(self._departments.read_bytes(), type=list[Department])
        except (OSError, msgspec.DecodeError):
            log.warning("departments cannot be read", file=DEPARTMENTS)
            return None
        return Directory(rows)

    def _read_learned(self) -> Learned | None:
        try:
            return Learned.load(self._triage)
        except NotAModel as error:
            log.warning("a trained model cannot be read", reason=str(error))
            return None


def _fields(reading: Reading) -> dict[str, Said]:
    """What was said; something that goes on stands where the moment would."""
    said: dict[str, Said] = {
        name: found for name in READ if (found := getattr(reading, name)) is not None
    }
    if "time" not in said and reading.ongoing is not None:
        said["time"] = reading.ongoing
    return said
