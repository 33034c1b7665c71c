"""What one kind of thing is to a merge: how it is looked at, and how the next batch of it moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.functional import Promise

from desk.cases.actors import Actor
from desk.people.models import Hotline

BATCH = 200  # rows a transaction: on SQLite every other writer waits for its end
EXAMPLES = 5
MOST_LISTED = 500  # conflicts of a kind; their number is told in full


class CannotMerge(Exception):
    """Nothing was begun; the message says why."""


@dataclass(frozen=True)
class Lines:
    source: Hotline
    into: Hotline


@dataclass
class Findings:
    """What there is of a kind before anything moves."""

    count: int = 0
    parts: list[tuple[str, int]] = field(default_factory=list)  # of the count, in words
    examples: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    to_do: list[str] = field(default_factory=list)  # by a person, in words
    kept: list[str] = field(default_factory=list)  # what ends with the line, word for word


def nothing(_lines: Lines) -> Findings:
    return Findings()


def stays(_lines: Lines, _actor: Actor, _at: datetime) -> int:
    return 0


@dataclass(frozen=True)
class Kind:
    key: str
    label: str | Promise
    look: Callable[[Lines], Findings]
    # The next batch, inside the caller's transaction; how many it was. 0: nothing is left.
    move: Callable[[Lines, Actor, datetime], int] = stays
    is_indexed: bool = False  # the index must have it before the next kind moves
