"""What a text is about, as 大类/小类, by words and by a model that the project ships.

The words of ``categories.json`` show what a category rests on. They are weighed by their length
and by how few categories share them; a word near the beginning counts more, since people begin
with what it is about. The model, learned from them and from our own questions, knows the sentences
in which none of them stands. A city that has taught its own (`learned`) asks that first.
"""

from __future__ import annotations

import json
import math
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from intake.evidence import Found
from intake.learned import Model

READ = 600
_OPENING = 40
_ASIDE = 0.35
_LEAST_SHARE = 0.25
NOTHING = "nothing"  # the model's label for greetings, names and answers
_LEAST = 1.6
_GAP = "…"
_WIDEST_GAP = 8
_DIGITS = re.compile(r"[\d*]+")
_WORDS = Path(__file__).with_name("categories.json")
MODEL = Path(__file__).with_name("category_model.npz")


@dataclass(frozen=True, slots=True)
class _Word:
    word: str
    weight: float
    categories: tuple[str, ...]
    pattern: re.Pattern[str] | None  # of a word with a gap: 拖欠…工资


def category(text: str, aside: Sequence[tuple[int, int]] = ()) -> Found | None:
    """The category that most of the text's words belong to.

    What stands in one of the spans `aside`, as the name of the place, says little: who complains
    of noise at the park's gate does not complain of the park.
    """
    scores, strongest = _weighed(text[:READ], aside)
    shares = _shares(scores)
    for name, share in _shipped().shares(plain(text[:READ])).items():
        shares[name] = shares.get(name, 0.0) + share
    if not shares:
        return None
    best = max(shares, key=lambda name: shares[name])
    if best == NOTHING or shares[best] < _LEAST_SHARE:
        return None
    _, start, end = strongest.get(best, (0.0, 0, 0))
    return Found(value=best, confidence=_confidence(shares[best]), start=start, end=end)


def _weighed(
    text: str, aside: Sequence[tuple[int, int]]
) -> tuple[dict[str, float], dict[str, tuple[float, int, int]]]:
    """How much the words say for each category, and the word that says most for it."""
    scores: dict[str, float] = defaultdict(float)
    strongest: dict[str, tuple[float, int, int]] = {}
    for word in _words_maybe_in(text):
        span = _first(text, word)
        if span is None:
            continue
        start, end = span
        weight = word.weight * (1.5 if start < _OPENING else 1.0)
        if any(first <= start and end <= last for first, last in aside):
            weight *= _ASIDE
        if word.pattern is None:
            weight *= 1 + 0.3 * min(3, text.count(word.word) - 1)
        for name in word.categories:
            scores[name] += weight
            if weight > strongest.get(name, (0.0, 0, 0))[0]:
                strongest[name] = (weight, start, end)
    return scores, strongest


def _shares(scores: dict[str, float]) -> dict[str, float]:
    """The words' vote: only their first choice, and only when it is more than a hint."""
    if not scores:
        return {}
    best = max(scores, key=lambda name: scores[name])
    if scores[best] < _LEAST:
        return {}
    return {best: min(0.9, 0.25 + 0.65 * scores[best] / sum(scores.values()))}


def _confidence(share: float) -> float:
    """Both halves at one: sure. The figures of a training say how often that is right."""
    return round(min(0.95, 0.15 + 0.55 * share), 2)


def plain(text: str) -> str:
    """As the model reads it: no category is known by a digit."""
    return _DIGITS.sub("", text)


@cache
def _shipped() -> Model:
    return Model.load(MODEL)


def rarity(run: str) -> float:
    """How rare a run of one or two characters is in what the model was taught with."""
    model = _shipped()
    row = model.vocabulary.get(run)
    return float(model.rarity[row]) if row is not None else float(model.rarity.max())


def words_of() -> dict[str, str]:
    """Each category and its words, as they are written down."""
    words: dict[str, str] = json.loads(_WORDS.read_text(encoding="utf-8"))
    return words


def categories() -> tuple[str, ...]:
    """All that `category` can answer without a learned model."""
    return tuple(words_of())


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
    if word.isdigit():  # 120 is a number to call, but not in 120块 or 1205
        return re.compile(rf"(?<![\d.]){word}(?![\d.块元多号米天人路])")
    if _GAP not in word:
        return None
    first, last = word.split(_GAP)
    return re.compile(rf"{re.escape(first)}[^，。！？；\n]{{0,{_WIDEST_GAP}}}?{re.escape(last)}")


@cache
def _words() -> dict[str, tuple[_Word, ...]]:
    """All words by their first two characters; by the first where a gap follows it at once."""
    belongs: dict[str, list[str]] = defaultdict(list)
    for name, words in words_of().items():
        for word in words.split():
            belongs[word].append(name)
    by_beginning: dict[str, tuple[_Word, ...]] = defaultdict(tuple)
    for word, names in belongs.items():
        weight = math.sqrt(len(word)) / len(names)
        entry = _Word(word, weight, tuple(names), _pattern(word))
        by_beginning[word.split(_GAP)[0][:2]] += (entry,)
    return dict(by_beginning)
