"""What a text is found by: characters, pairs of neighbours, and the thing it means by another name.

Characters and pairs beat segmented words for short questions. A word of `synonyms.txt` adds one
token for its group, so that 驾照 finds 机动车驾驶证. What nearly every question holds (怎么办理,
需要什么材料) is `generic.txt`: it may support a match and must never make one.
"""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec

from kb_index.normal import normalise
from kb_index.synonyms import EVERYWHERE, NO_MORE, Synonyms, any_of, read_list

UNIT = re.compile(r"[a-z]+|\d+(?:\.\d+)?|[㐀-鿿]")
GAP = re.compile(r"[^a-z\d㐀-鿿.]+|\.(?!\d)")


class Words(msgspec.Struct, frozen=True):
    """The tokens of a text. `specific` are those that stand outside its generic phrases."""

    every: tuple[str, ...]  # with repeats, for counting
    specific: frozenset[str]


def words_of(text: str, more: Synonyms = NO_MORE) -> Words:
    """`more`: a city's own synonyms."""
    return _words_of(normalise(text), more)


@lru_cache(maxsize=50_000)
def _words_of(text: str, more: Synonyms) -> Words:
    every: list[str] = []
    specific: set[str] = set()
    generic = _generic_spans(text)
    for start, end, token in _units_and_pairs(text):
        every.append(token)
        if not all(generic[start:end]):
            specific.add(token)
    for token in (*EVERYWHERE.tokens(text), *more.tokens(text)):
        every.append(token)
        specific.add(token)
    return Words(tuple(every), frozenset(specific))


def _units_and_pairs(text: str) -> list[tuple[int, int, str]]:
    """Each unit, and each two that touch. A blank between Latin and Chinese is no gap."""
    found: list[tuple[int, int, str]] = []
    before: re.Match[str] | None = None
    for unit in UNIT.finditer(text):
        found.append((unit.start(), unit.end(), unit.group()))
        if before is not None and not text[before.end() : unit.start()].strip():
            found.append((before.start(), unit.end(), before.group() + unit.group()))
        before = unit
    return found


def _generic_spans(text: str) -> list[bool]:
    """For each character, whether a generic phrase covers it."""
    covered = [False] * len(text)
    for found in _generic.finditer(text):
        covered[found.start() : found.end()] = [True] * (found.end() - found.start())
    return covered


_generic = any_of({normalise(word) for line in read_list("generic.txt") for word in line.split()})
