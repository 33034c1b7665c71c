"""What the knowledge index says to a question: one answer, one thing asked back, a few to choose
from, or nothing.

The only place of the bot that knows how `kb_index` names things.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

MENU = 3

# Reasons that need no ranking; the others come with what was found.
SAME_QUESTION = "same_question"
CHOSEN = "chosen"  # the citizen picked the entry from a menu


class Passage(Protocol):
    """Characters ``[start, end)`` of an answer, as they stand there."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def text(self) -> str: ...


class Entry(Protocol):
    """What an answer needs of a published entry."""

    @property
    def external_id(self) -> str: ...
    @property
    def question(self) -> str: ...
    @property
    def answer(self) -> str: ...
    @property
    def department(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def passage(self) -> Passage | None:
        """Of a long answer: where it says what was asked."""
        ...

    @property
    def document_number(self) -> str: ...
    @property
    def confirmed_on(self) -> date | None: ...


@dataclass(frozen=True)
class Question:
    """A question that an entry answers."""

    external_id: str
    question: str


@dataclass(frozen=True)
class AskedBack:
    """The one thing that tells entries apart, and the entry that each answer to it leads to."""

    question: str
    ways: tuple[tuple[str, Entry], ...]


@dataclass(frozen=True)
class Found:
    """An answer, something to ask back, or a menu, never two of them; none: nothing that fits."""

    answer: Entry | None = None
    further: tuple[Question, ...] = ()  # of the matter of the answer
    asked_back: AskedBack | None = None
    menu: tuple[Entry, ...] = ()
    reason: str = ""  # why so, as `kb_index` names it; stored and counted


NOTHING = Found()


class CannotSearch(Exception):
    """The index is down or too slow; it says nothing about whether there is an answer."""


class Knowledge(Protocol):
    """All raise `CannotSearch`."""

    def find(self, question: str, *, hotline: str, now: datetime) -> Found: ...

    def find_same(self, question: str, *, hotline: str, now: datetime) -> Entry | None:
        """The entry that is asked by these very words; costs next to nothing."""

    def others(
        self, question: str, *, without: Collection[str], hotline: str, now: datetime
    ) -> tuple[Entry, ...]:
        """What else may answer it, as likely as a menu has to be, given that these do not."""

    def get(self, external_id: str, *, hotline: str, now: datetime) -> Entry | None:
        """The entry if it may be shown here and now."""


def as_menu(entries: Sequence[Entry], reason: str = "") -> Found:
    return Found(menu=tuple(entries[:MENU]), reason=reason)
