"""Entries that ask the same but for one thing of `facets.toml`: 本市户籍入学, 外地户籍入学.

What the citizen says of it prefers one to the other; what they do not say is worth asking back.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec

from kb_index.article import Article
from kb_index.districts import districts_in
from kb_index.facets import Reading, facet_of, read
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
    likely = [position for position, chance in enumerate(chances) if chance >= LIKELY]
    for facet, label in said.items():
        others = [p for p in likely if _says_another(facet, label, articles[p], districts)]
        if others:
            _give(weighed, others, facet, label, articles, districts)
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
    readings = _readings(articles, districts)
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


def _says_another(facet: str, label: str, article: Article, districts: frozenset[str]) -> bool:
    return read(article.question, districts).values.get(facet) not in (None, label)


def _give(
    weighed: list[float],
    others: Sequence[int],
    facet: str,
    label: str,
    articles: Sequence[Article],
    districts: frozenset[str],
) -> None:
    """The chances of these to their twins of this value, where they have one."""
    readings = _readings(articles, districts)
    meant = [p for p, reading in enumerate(readings) if reading.values.get(facet) == label]
    for position in others:
        twins = [p for p in meant if _facet_between(articles, readings, position, p) == facet]
        if twins:
            best = max(twins, key=weighed.__getitem__)
            weighed[best] += weighed[position]
            weighed[position] = 0.0


def are_twins(one: Article, other: Article) -> bool:
    """Whether a single facet tells them apart."""
    pair = (one, other)
    districts = _districts_of(pair)
    return _facet_between(pair, _readings(pair, districts), 0, 1) is not None


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


def _readings(articles: Collection[Article], districts: frozenset[str]) -> list[Reading]:
    return [read(article.question, districts) for article in articles]


def _districts_of(articles: Collection[Article]) -> frozenset[str]:
    return districts_in([one.question for one in articles], [one.department for one in articles])
