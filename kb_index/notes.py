"""What is kept beside the articles, the same on both engines: how the index decides, and what a
city calls things."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import structlog

from kb_index.calibration import FORMAT, STANDARD, Calibration
from kb_index.directions import (
    NO_DIRECTIONS,
    Directions,
    decode_directions,
    encode_directions,
)
from kb_index.index import Index
from kb_index.synonyms import NO_MORE, Synonyms, checked

CALIBRATION = "calibration"
DIRECTIONS = "directions"
SYNONYMS = "synonyms"
CLAIM = "calibrating"
CLAIMED_FOR = 300.0  # seconds; who has not ended by then has died
LOOKED_AT = 1.0  # seconds between two looks at what another process may have kept

log = structlog.get_logger(__name__)


def publish_synonyms(index: Index, groups: Iterable[Sequence[str]]) -> None:
    """Make these a city's own, instead of what was there; the official name is a group's first.

    Every process searches with them a second later. Raises `BadSynonyms`, `IndexUnavailable`.
    """
    index.keep_note(SYNONYMS, msgspec.json.encode(checked(groups)))


def published_synonyms(index: Index) -> list[list[str]]:
    """A city's own, as they were published. Raises `IndexUnavailable`."""
    return _decoded(index.note(SYNONYMS), list[list[str]]) or []


class Notes:
    """The notes of one index, as they were at most a second ago. Threads share it."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._lock = threading.Lock()
        self._until = 0.0
        self._bodies: tuple[bytes | None, bytes | None] = (None, None)
        self._calibration = STANDARD
        self._directions = NO_DIRECTIONS
        self._synonyms = NO_MORE

    def calibration(self) -> Calibration:
        """The kept one, or the standard one. Raises `IndexUnavailable`."""
        self._look()
        return self._calibration

    def synonyms(self) -> Synonyms:
        """Always the same object while nothing is published. Raises `IndexUnavailable`."""
        self._look()
        return self._synonyms

    def directions(self) -> Directions:
        """Those that the calibration was learned with. Raises `IndexUnavailable`."""
        self._look()
        return self._directions

    def keep_calibration(self, calibration: Calibration, directions: Directions) -> None:
        """The directions first: who sees the calibration finds them."""
        if directions:
            self._index.keep_note(DIRECTIONS, encode_directions(directions))
        self._index.keep_note(CALIBRATION, msgspec.json.encode(calibration))
        self.forget()

    def claim_calibrating(self, generation: str, seconds: float) -> bool:
        """False while another process learns for this generation. Two that claim it in the same
        moment both learn the same."""
        claimed = _decoded(self._index.note(CLAIM), tuple[str, float])
        if claimed and claimed[0] == generation and seconds - claimed[1] < CLAIMED_FOR:
            return False
        self._index.keep_note(CLAIM, msgspec.json.encode((generation, seconds)))
        return True

    def forget(self) -> None:
        """Look again with the next question."""
        self._until = 0.0

    def _look(self) -> None:
        with self._lock:
            if time.monotonic() < self._until:
                return
            bodies = self._index.note(CALIBRATION), self._index.note(SYNONYMS)
            if bodies[0] != self._bodies[0]:
                self._calibration, self._directions = self._learned(bodies[0])
            if bodies[1] != self._bodies[1]:
                self._synonyms = Synonyms(_decoded(bodies[1], list[list[str]]) or [])
            self._bodies = bodies
            self._until = time.monotonic() + LOOKED_AT

    def _learned(self, body: bytes | None) -> tuple[Calibration, Directions]:
        """What another version wrote is learned anew; the standard one serves until then."""
        kept = _decoded(body, Calibration)
        if kept is None or kept.format != FORMAT:
            return STANDARD, NO_DIRECTIONS
        if not kept.directions:
            return kept, NO_DIRECTIONS
        directions = _directions(self._index.note(DIRECTIONS))
        if directions.key != kept.directions:
            log.warning("the directions of a calibration are missing")
            return STANDARD, NO_DIRECTIONS
        return kept, directions


def _directions(body: bytes | None) -> Directions:
    try:
        return decode_directions(body) if body is not None else NO_DIRECTIONS
    except (msgspec.DecodeError, ValueError):
        log.warning("a note of the index cannot be read")
        return NO_DIRECTIONS


def _decoded[T](body: bytes | None, kind: type[T]) -> T | None:
    if body is None:
        return None
    try:
        decoded: Any = msgspec.json.decode(body, type=kind)
    except msgspec.DecodeError:
        log.warning("a note of the index cannot be read")
        return None
    return decoded  # type: ignore[no-any-return]
