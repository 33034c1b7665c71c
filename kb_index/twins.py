"""Entries that ask the same but for one thing of `facets.toml`: 本市户籍入学, 外地户籍入学.

What the citizen says of it prefers one to the other; what they do not say is worth asking back.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache

import msgspec

from kb_index.article import Article
from kb_index.facets import Reading, districts_in, facet_of, read
from kb_index.words import words_of

ALIKE = 0.85  # of what two questions hold, facets aside, that both hold
NEAR = 0.5  # of two official questions; alike they are then when people ask them alike
LIKELY = 0.02  # a chance below this is nobody's who was meant
MOST = 8  # values that are offered

type Chances = Sequence[float]


class Family(msgspec.Struct, frozen=True):
    """Candidates that differ in one facet only, each with its value."""

    facet: str
    positions: tuple[int, ...]
    labels: tuple[str, ...]

    @property
    def question(self) -> str:
        return facet_of(self.facet).question(self.labels)


def as_said(query: str, articles: Sequence[Article], chances: Chances) -> list[float]:
    """The chances where a citizen says which of several twins is theirs: the others' go to it."""
    weighed = list(chances)
    districts = _districts_of(articles)
    said = read(query, districts).values
    if not said:
        return weighed
    readings = [_reading(article, districts) for article in articles]
    for facet, label in said.items():
        meant = [p for p, reading in enumerate(readings) if reading.values.get(facet) == label]
        for position, reading in enumerate(readings):
            if weighed[position] < LIKELY or reading.values.get(facet) in (None, label):
                continue
            twins = [p for p in meant if _facet_between(articles, readings, position, p) == facet]
            if twins:
                best = max(twins, key=weighed.__getitem__)
                weighed[best] += weighed[position]
                weighed[position] = 0.0
    return weighed


def family_of(
    query: str, articles: Sequence[Article], chances: Chances, least: float
) -> Family | None:
    """The twins of the likeliest candidate, when one facet tells them all apart and the query says
    nothing of it. Who has not `least` of the best one's chance calls for no facet of its own."""
    best = max(range(len(chances)), key=chances.__getitem__, default=None)
    if best is None:
        return None
    districts = _districts_of(articles)
    readings = [_reading(article, districts) for article in articles]
    twins = _twins(best, articles, readings, chances)
    facets = {facet for position, facet in twins if chances[position] >= least * chances[best]}
    if len(facets) != 1:
        return None
    [facet] = facets
    said = read(query, districts)
    if facet in said.values or facet in said.unclear:
        return None
    of_value = {readings[best].values[facet]: best}
    for position, differing in twins:
        if differing == facet:
            of_value.setdefault(readings[position].values[facet], position)
    labels = tuple(facet_of(facet).in_order(list(of_value)[:MOST]))
    return Family(facet, tuple(of_value[label] for label in labels), labels)


def are_twins(one: Article, other: Article) -> bool:
    """Whether a single facet tells them apart."""
    pair = (one, other)
    districts = _districts_of(pair)
    return _facet_between(pair, [_reading(each, districts) for each in pair], 0, 1) is not None


def likeness(one: str, other: str) -> float:
    """How much of what two questions say both say, generic phrases aside."""
    first, second = words_of(one).specific, words_of(other).specific
    both = len(first & second)
    return 2 * both / (len(first) + len(second)) if both else 0.0


def _twins(
    best: int, articles: Sequence[Article], readings: Sequence[Reading], chances: Chances
) -> list[tuple[int, str]]:
    """Each twin's position with its facet, likeliest first."""
    order = sorted(range(len(chances)), key=lambda position: -chances[position])
    found = []
    for position in order:
        facet = _facet_between(articles, readings, best, position)
        if facet is not None:
            found.append((position, facet))
    return found


def _facet_between(
    articles: Sequence[Article], readings: Sequence[Reading], one: int, other: int
) -> str | None:
    first, second = readings[one], readings[other]
    if first.unclear or second.unclear or first.values.keys() != second.values.keys():
        return None
    differing = [name for name, label in first.values.items() if label != second.values[name]]
    if len(differing) != 1:
        return None
    alike = likeness(first.rest, second.rest)
    if alike < ALIKE and (alike < NEAR or not _asked_alike(articles[one], articles[other])):
        return None
    return differing[0]


def _asked_alike(one: Article, other: Article) -> bool:
    """In the words that people have for them, though not quite in the official ones."""
    return any(
        likeness(read(first).rest, read(second).rest) >= ALIKE
        for first in one.similar_questions
        for second in other.similar_questions
    )


def _reading(article: Article, districts: frozenset[str]) -> Reading:
    return _read(article.question, districts)


_read = lru_cache(maxsize=20_000)(read)


def _districts_of(articles: Collection[Article]) -> frozenset[str]:
    return _districts_among(tuple((one.question, one.department) for one in articles))


@lru_cache(maxsize=1_000)
def _districts_among(named: tuple[tuple[str, str], ...]) -> frozenset[str]:
    return districts_in([question for question, _ in named], [name for _, name in named])
