"""What the bot looks things up in, opened once a process and shared by its threads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from actions.knowledge import Knowledge
from actions.like_cases import NoRepeats, Repeats


class Said(Protocol):
    """One thing as `intake` read it; ``start == end``: a rule set it and no words show it."""

    @property
    def value(self) -> str: ...
    @property
    def confidence(self) -> float: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


class Reader(Protocol):
    """Reads a complaint's fields out of a citizen's words, under the names that `Draft` has."""

    def read(self, text: str, now: datetime) -> Mapping[str, Said]: ...

    def kind(self, text: str) -> str:
        """The kind alone, or nothing: a small part of what `read` costs."""
        ...


@dataclass(frozen=True)
class Library:
    knowledge: Knowledge
    reader: Reader
    repeats: Repeats = field(default_factory=NoRepeats)
