"""Several names of one thing: those that every city knows, and a city's own.

A name adds one token for its thing, so that 驾照 finds 机动车驾驶证. What `synonyms.txt` holds is
in the index; a city's own groups are a note beside it, and take effect with the next search: the
query is asked with the other names too, and scored with the thing's token on both sides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path

from kb_index.normal import normalise

MOST_NAMES = 12  # of one thing: each makes the query longer
LONGEST_NAME = 20


class Fault(StrEnum):
    ONE_NAME = "one name says nothing"
    TOO_MANY = f"more than {MOST_NAMES} names"
    NOT_A_NAME = "not a name"
    TWO_GROUPS = "stands in two groups"


class BadSynonyms(ValueError):
    """A group that cannot be used; the message says which name and why."""

    def __init__(self, fault: Fault, name: str) -> None:
        super().__init__(f"{name}: {fault}")
        self.fault = fault
        self.name = name


class Synonyms:
    """Groups of names, the official one first. Compared by identity: it is a key of caches."""

    def __init__(self, groups: Iterable[Sequence[str]]) -> None:
        self.groups = tuple(tuple(normalise(name) for name in group) for group in groups)
        self._group_of = {name: group for group in self.groups for name in group}
        self._any = any_of(set(self._group_of)) if self._group_of else None

    def __bool__(self) -> bool:
        return bool(self.groups)

    def tokens(self, normalised: str) -> list[str]:
        """One a name that stands in the text."""
        return [f"={group[0]}" for group in self._found(normalised)]

    def other_names(self, text: str) -> list[str]:
        """What the things in the text are also called."""
        normalised = normalise(text)
        return [
            name
            for group in dict.fromkeys(self._found(normalised))
            for name in group
            if name not in normalised
        ]

    def officially(self, text: str) -> str:
        """The text with official names: an encoder knows those, and not what a city says."""
        if self._any is None:
            return text
        return self._any.sub(lambda found: self._group_of[found.group()][0], normalise(text))

    def _found(self, normalised: str) -> list[tuple[str, ...]]:
        if self._any is None:
            return []
        return [self._group_of[found.group()] for found in self._any.finditer(normalised)]


def checked(groups: Iterable[Sequence[str]]) -> list[list[str]]:
    """As they are kept. Raises `BadSynonyms`."""
    kept: list[list[str]] = []
    seen: dict[str, str] = {}
    for group in groups:
        names = list(dict.fromkeys(name.strip() for name in group if name.strip()))
        if len(names) < 2:
            raise BadSynonyms(Fault.ONE_NAME, " ".join(names))
        if len(names) > MOST_NAMES:
            raise BadSynonyms(Fault.TOO_MANY, names[0])
        for name in names:
            if len(name) > LONGEST_NAME or not normalise(name).strip():
                raise BadSynonyms(Fault.NOT_A_NAME, name)
            if seen.setdefault(normalise(name), names[0]) != names[0]:
                raise BadSynonyms(Fault.TWO_GROUPS, name)
        kept.append(names)
    return kept


def any_of(phrases: set[str]) -> re.Pattern[str]:
    """The longest phrase wins where several begin."""
    return re.compile("|".join(map(re.escape, sorted(phrases, key=lambda p: (-len(p), p)))))


def read_list(name: str) -> list[str]:
    """The lines of a word list beside this module, without comments."""
    lines = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


NO_MORE = Synonyms(())
EVERYWHERE = Synonyms(line.split() for line in read_list("synonyms.txt"))
