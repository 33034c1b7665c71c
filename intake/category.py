"""What a text is about, as 大类/小类, by words that the project ships.

A city that has taught a model (`learned`) asks that first. The words are weighed by their length
and by how few categories share them; a word near the beginning counts more, since people begin
with what it is about.
"""

from __future__ import annotations

import json
import math
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from intake.evidence import Found

READ = 600
_OPENING = 40
_LEAST = 1.6
_GAP = "…"
_WIDEST_GAP = 8
_WORDS = Path(__file__).with_name("categories.json")


@dataclass(frozen=True, slots=True)
class _Word:
    word: str
    weight: float
    categories: tuple[str, ...]
    pattern: re.Pattern[str] | None  # of a word with a gap: 拖欠…工资


def category(text: str) -> Found | None:
    """The category that most of the text's words belong to."""
    text = text[:READ]
    scores: dict[str, float] = defaultdict(float)
    strongest: dict[str, tuple[float, int, int]] = {}
    for word in _words_maybe_in(text):
        span = _first(text, word)
        if span is None:
            continue
        start, end = span
        weight = word.weight * (1.5 if start < _OPENING else 1.0)
        if word.pattern is None:
            weight *= 1 + 0.3 * min(3, text.count(word.word) - 1)
        for name in word.categories:
            scores[name] += weight
            if weight > strongest.get(name, (0.0, 0, 0))[0]:
                strongest[name] = (weight, start, end)
    if not scores:
        return None
    best = max(scores, key=lambda name: scores[name])
    if scores[best] < _LEAST:
        return None
    _, start, end = strongest[best]
    share = scores[best] / sum(scores.values())
    return Found(
        value=best, confidence=round(min(0.9, 0.25 + 0.65 * share), 2), start=start, end=end
    )


def categories() -> tuple[str, ...]:
    """All that `category` can answer without a learned model."""
    return tuple(json.loads(_WORDS.read_text(encoding="utf-8")))


def _words_maybe_in(text: str) -> Iterator[_Word]:
    """The words whose beginning the text has: a dozen of a thousand, each once."""
    by_beginning = _words()
    beginnings = {text[i : i + n] for i in range(len(text)) for n in (1, 2)}
    for beginning in sorted(beginnings & by_beginning.keys()):
        yield from by_beginning[beginning]


def _first(text: str, word: _Word) -> tuple[int, int] | None:
    if word.pattern:
        match = word.pattern.search(text)
        return match.span() if match else None
    start = text.find(word.word)
    return (start, start + len(word.word)) if start >= 0 else None


def _pattern(word: str) -> re.Pattern[str] | None:
    if _GAP not in word:
        return None
    first, last = word.split(_GAP)
    return re.compile(rf"{re.escape(first)}[^，。！？；\n]{{0,{_WIDEST_GAP}}}?{re.escape(last)}")


@cache
def _words() -> dict[str, tuple[_Word, ...]]:
    """All words by their first two characters; by the first where a gap follows it at once."""
    belongs: dict[str, list[str]] = defaultdict(list)
    for name, words in json.loads(_WORDS.read_text(encoding="utf-8")).items():
        for word in words.split():
            belongs[word].append(name)
    by_beginning: dict[str, tuple[_Word, ...]] = defaultdict(tuple)
    for word, names in belongs.items():
        weight = math.sqrt(len(word)) / len(names)
        entry = _Word(word, weight, tuple(names), _pattern(word))
        by_beginning[word.split(_GAP)[0][:2]] += (entry,)
    return dict(by_beginning)
