"""What a text is found by: characters, pairs of neighbours, and the thing it means by another name.

Characters and pairs beat segmented words for short questions. A word of `synonyms.txt` adds one
token for its group, so that 驾照 finds 机动车驾驶证. What nearly every question holds (怎么办理,
需要什么材料) is `generic.txt`: it may support a match and must never make one.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import msgspec

from kb_index.normal import normalise

UNIT = re.compile(r"[a-z]+|\d+(?:\.\d+)?|[㐀-鿿]")
GAP = re.compile(r"[^a-z\d㐀-鿿.]+|\.(?!\d)")


class Words(msgspec.Struct, frozen=True):
    """The tokens of a text. `specific` are those that stand outside its generic phrases."""

    every: tuple[str, ...]  # with repeats, for counting
    specific: frozenset[str]


def words_of(text: str) -> Words:
    return _words_of(normalise(text))


@lru_cache(maxsize=50_000)
def _words_of(text: str) -> Words:
    every: list[str] = []
    specific: set[str] = set()
    generic = _generic_spans(text)
    for start, end, token in _units_and_pairs(text):
        every.append(token)
        if not all(generic[start:end]):
            specific.add(token)
    for found in _synonyms.finditer(text):
        token = _group_of[found.group()]
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


def _read(name: str) -> list[str]:
    """The lines of a word list beside this module, without comments."""
    lines = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


def _any_of(phrases: set[str]) -> re.Pattern[str]:
    """The longest phrase wins where several begin."""
    return re.compile("|".join(map(re.escape, sorted(phrases, key=lambda p: (-len(p), p)))))


_group_of = {
    normalise(word): f"={normalise(line.split()[0])}"
    for line in _read("synonyms.txt")
    for word in line.split()
}
_synonyms = _any_of(set(_group_of))
_generic = _any_of({normalise(word) for line in _read("generic.txt") for word in line.split()})
