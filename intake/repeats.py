"""Whether a new complaint tells of what others have told already. A library without state.

What is compared: the words, weighed by how rare they are; the place, found in the other's place or
words; the category; how far apart in time. A place of two names is worth more than a like story:
路灯不亮 is told of every street.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import msgspec

from intake.category import rarity
from intake.grams import grams, squeeze

LIKELY = 0.5  # from here on worth asking the citizen; see the figures in docs/reading.md
_RUN = 2
_READ = 400
_DIGITS = str.maketrans("一二三四五六七八九", "123456789")  # 三号楼 is 3号楼
_DISTINCT = 2.0  # a pair of characters that is rarer than this tells one place from another


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A complaint as far as it is compared; what is not known is empty."""

    text: str
    place: str = ""
    on: date | None = None  # the day on which it came
    category: str = ""


class Likeness(msgspec.Struct, frozen=True, kw_only=True):
    """How likely two reports are of the same issue, and what says so."""

    probability: float
    same_place: float  # 0 to 1: how much of the one place the other tells
    like_words: float  # 0 to 1
    same_category: bool
    days_apart: int | None

    @property
    def is_likely(self) -> bool:
        return self.probability >= LIKELY


@dataclass(frozen=True)
class _Compared:
    report: Report
    bag: Mapping[str, float]
    place: Mapping[str, float]


def warm() -> None:
    """Load what the first comparison would wait for."""
    rarity("路灯")


def likeness(new: Report, other: Report) -> Likeness:
    """How alike two reports are; the order of the two does not matter."""
    return _likeness(_made_ready(new), _made_ready(other))


def most_alike[Key](
    new: Report, candidates: Iterable[tuple[Key, Report]], *, at_most: int = 3
) -> Sequence[tuple[Key, Likeness]]:
    """The likely ones among the candidates, the likeliest first."""
    ready = _made_ready(new)
    found = [(key, _likeness(ready, _made_ready(report))) for key, report in candidates]
    likely = [each for each in found if each[1].is_likely]
    return sorted(likely, key=lambda each: -each[1].probability)[:at_most]


def _likeness(new: _Compared, other: _Compared) -> Likeness:
    words, shared = _like_words(new, other)
    place = max(_told(new.place, other), _told(other.place, new))
    here = place if place >= _SAME_PLACE else 0.0
    category = _category_says(new.report.category, other.report.category)
    apart = _days_apart(new.report.on, other.report.on)
    weight = (
        _BASE
        + _weight_of_words(new, other, place) * words * min(1.0, shared / _ENOUGH)
        + _PLACE * here
        + _BOTH * words * here
        + _CATEGORY * category
        + _MATTER_HERE * (category == 1.0) * here
        - _MONTHS * math.log1p((apart or 0) / 30)
    )
    return Likeness(
        probability=round(1 / (1 + math.exp(-weight)), 3),
        same_place=round(place, 2),
        like_words=round(words, 2),
        same_category=category > 0,
        days_apart=apart,
    )


def _weight_of_words(new: _Compared, other: _Compared, place: float) -> float:
    """The same story of another place is another issue; of an unknown place, perhaps."""
    if place >= _SAME_PLACE:
        return _WORDS
    return _WORDS_ELSEWHERE if new.place and other.place else _WORDS_SOMEWHERE


# Chosen on half of the pairs that two teams had put together out of real complaints, tried on the
# other half, and held down where short complaints of our own showed that they went too far.
_BASE, _WORDS, _WORDS_SOMEWHERE, _WORDS_ELSEWHERE = -5.2, 22.0, 20.0, 5.0
_PLACE, _BOTH, _CATEGORY, _MATTER_HERE, _MONTHS = 1.5, 12.0, 0.8, 3.5, 0.2
_SAME_PLACE = 0.45
_ENOUGH = 14  # pairs shared; two short texts share a third of theirs by chance


def _made_ready(report: Report) -> _Compared:
    place = _bag(report.place.translate(_DIGITS))
    return _Compared(report, _bag(report.text[:_READ].translate(_DIGITS)), place)


def _bag(text: str) -> dict[str, float]:
    """Pairs of characters with their weight; those of every text weigh next to nothing."""
    return {
        run: (1.0 + math.log(count)) * rarity(run)
        for run, count in grams(squeeze(text), _RUN, _RUN).items()
        if run.isalnum()
    }


def _like_words(one: _Compared, other: _Compared) -> tuple[float, int]:
    """The cosine of what is told without the words that only say where, and the pairs shared."""
    where = one.place.keys() | other.place.keys()
    first = {run: weight for run, weight in one.bag.items() if run not in where}
    second = {run: weight for run, weight in other.bag.items() if run not in where}
    lengths = _length(first) * _length(second)
    if not lengths:
        return 0.0, 0
    shared = first.keys() & second.keys()
    return sum(first[run] * second[run] for run in shared) / lengths, len(shared)


def _length(bag: Mapping[str, float]) -> float:
    return math.sqrt(sum(weight * weight for weight in bag.values()))


def _told(place: Mapping[str, float], other: _Compared) -> float:
    """The share of a place's distinct pairs that the other report has anywhere."""
    distinct = {run: weight for run, weight in place.items() if weight >= _DISTINCT}
    whole = sum(distinct.values())
    if not whole:
        return 0.0
    known = other.place.keys() | other.bag.keys()
    return sum(weight for run, weight in distinct.items() if run in known) / whole


def _category_says(one: str, other: str) -> float:
    """The same small category, the same large one, or another matter altogether."""
    if not one or not other:
        return 0.0
    if one == other:
        return 1.0
    return 0.3 if one.split("/")[0] == other.split("/")[0] else -1.0


def _days_apart(one: date | None, other: date | None) -> int | None:
    return abs((one - other).days) if one and other else None
