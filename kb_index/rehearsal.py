"""What an index is asked in order to learn when to answer.

A sample of its similar questions, each as if its entry did not know it; and what should not be
answered: questions about subjects of no hotline (`everyday.txt`) and of other authorities
(`near.txt`), but for those that this knowledge evidently has an entry for.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import Enum
from hashlib import blake2b
from heapq import nsmallest

import msgspec
import numpy as np

from kb_index.article import EVERY_HOTLINE, Article
from kb_index.directions import Directions, learn_directions
from kb_index.document import digest_of_article
from kb_index.learning import Example
from kb_index.matching import Match, Matcher, match, with_meanings
from kb_index.meaning import Follower
from kb_index.nearest import Resident, known_as
from kb_index.ranking import Floats, probabilities
from kb_index.relevance import profile_of
from kb_index.standard import STANDARD_WORDS
from kb_index.synonyms import read_list

ASKED = 400  # similar questions that are left out in turn
UNKNOWN_WEIGHT = 0.6  # of a question that should not be answered, against one that should
COVERED = 0.75  # of what is specific: an entry that holds so much of a near question answers it
BROAD = 100  # entries; in such a knowledge base what seems to be answered mostly is:
LIKELY = 0.3  # chance of an entry, by words
CITY_ALONE = ""  # a hotline without entries of its own: its citizens see the city's


class Kind(Enum):
    KNOWN = "known"  # an entry answers it, among the candidates or not
    NEAR = "near"
    EVERYDAY = "everyday"


class Sample(msgspec.Struct, frozen=True):
    """One question: what it has in common with its candidates, and which of them is right."""

    found: Match
    right: int | None
    kind: Kind

    def example(self, figures: Floats) -> Example:
        weight = 1.0 if self.kind is Kind.KNOWN else UNKNOWN_WEIGHT
        return Example(figures, self.right, self.found.questions, weight)


def questions_without_answer() -> list[str]:
    """What no hotline's knowledge should answer, near questions last."""
    return [*read_list("everyday.txt"), *read_list("near.txt")]


def left_out(articles: Iterable[Article], now: datetime) -> list[tuple[Article, int]]:
    """A sample of similar questions, the same one whenever the knowledge is the same."""
    pairs = (
        (article, position)
        for article in articles
        if article.may_be_shown(EVERY_HOTLINE, now)
        for position in range(len(article.similar_questions))
    )
    return nsmallest(
        ASKED, pairs, key=lambda pair: blake2b(pair[0].similar_questions[pair[1]].encode()).digest()
    )


def directions_without(meanings: Resident, asked: Iterable[tuple[Article, int]]) -> Directions:
    """Learned from all questions but these: one that an entry has learned from proves nothing."""
    left: dict[str, list[int]] = {}
    for article, position in asked:
        left.setdefault(article.external_id, []).append(position + 1)
    return learn_directions(
        [
            (name, np.delete(entry.known.rows, left.get(name, []), axis=0))
            for entry in meanings.entries.values()
            for name in [entry.article.external_id]
        ]
    )


def known_question(
    matcher: Matcher,
    follower: Follower | None,
    directions: Directions,
    article: Article,
    position: int,
    now: datetime,
) -> Sample | None:
    """The similar question is asked of an entry that does not have it."""
    hotline = article.hotlines[0] if article.hotlines else CITY_ALONE
    found = matcher.by_words(article.similar_questions[position], hotline, now)
    if found is None:
        return None
    similar = article.similar_questions
    less = msgspec.structs.replace(
        article, similar_questions=(*similar[:position], *similar[position + 1 :])
    )
    meanings = follower.meanings if follower is not None else None
    own = None
    if meanings is not None:
        (whole,) = meanings.known_of([digest_of_article(article)])
        if whole is None:
            return None  # published a moment ago
        rows = whole.rows.astype(np.float32)
        own = known_as(np.delete(rows, position + 1, axis=0))
        vector = rows[position + 1]
        found = matcher.with_near(found, vector, meanings, hotline, now)
    profiles = [
        profile_of(less, matcher.synonyms)
        if one.article.external_id == article.external_id
        else one
        for one in found.profiles
    ]
    found = match(found.asked, found.meant, found.frequencies, profiles)
    ids = [one.article.external_id for one in profiles]
    right = ids.index(article.external_id) if article.external_id in ids else None
    if meanings is not None:
        others = meanings.known_of([one.digest for one in profiles])
        if right is not None:
            others[right] = own
        found = with_meanings(found, vector, others, directions)
    return Sample(found, right, Kind.KNOWN)


def unknown_questions(
    matcher: Matcher, follower: Follower | None, directions: Directions, now: datetime
) -> list[Sample]:
    """Questions that should not be answered, but for those that this knowledge has an entry for."""
    everyday, near = read_list("everyday.txt"), read_list("near.txt")
    vectors = follower.vectors_of([*everyday, *near]) if follower is not None else None
    samples = []
    for number, text in enumerate([*everyday, *near]):
        found = matcher.by_words(text, EVERY_HOTLINE, now)
        kind = Kind.EVERYDAY if number < len(everyday) else Kind.NEAR
        if found is None or (kind is Kind.NEAR and _covers(found)):
            continue
        if follower is not None and vectors is not None and number < len(vectors):
            found = matcher.with_vector(
                found, vectors[number], follower.meanings, EVERY_HOTLINE, now, directions
            )
        if found.profiles:
            samples.append(Sample(found, None, kind))
    return samples


def _covers(found: Match) -> bool:
    """A broad knowledge base answers what it seems to; a small one mostly does not."""
    if any(score.covered >= COVERED for score in found.scores):
        return True
    scale = STANDARD_WORDS.scale
    likely = max(probabilities(found.word_figures(), scale, found.questions), default=0.0)
    return found.frequencies.total >= BROAD and likely >= LIKELY
