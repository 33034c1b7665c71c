"""What is kept beside the articles, the same on both engines: how the index decides."""

from __future__ import annotations

import threading
import time

import msgspec
import structlog

from kb_index.calibration import FORMAT, NOTE, STANDARD, Calibration
from kb_index.index import Index

LOOKED_AT = 1.0  # seconds between two looks at what another process may have kept

log = structlog.get_logger(__name__)


class Notes:
    """Reads and writes the notes of one index. Threads share it."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._lock = threading.Lock()
        self._until = 0.0
        self._body: bytes | None = None
        self._calibration = STANDARD

    def calibration(self, *, fresh: bool = False) -> Calibration:
        """The kept one, or the standard one. Raises `IndexUnavailable`."""
        with self._lock:
            if fresh or time.monotonic() >= self._until:
                body = self._index.note(NOTE)
                if body != self._body:
                    self._body, self._calibration = body, _calibration(body)
                self._until = time.monotonic() + LOOKED_AT
            return self._calibration

    def keep_calibration(self, calibration: Calibration) -> None:
        self._index.keep_note(NOTE, msgspec.json.encode(calibration))
        self.calibration(fresh=True)


def _calibration(body: bytes | None) -> Calibration:
    """One that another version wrote is learned anew; the standard one serves until then."""
    if body is None:
        return STANDARD
    try:
        kept = msgspec.json.decode(body, type=Calibration)
    except msgspec.DecodeError:
        log.warning("calibration cannot be read")
        return STANDARD
    return kept if kept.format == FORMAT else STANDARD
