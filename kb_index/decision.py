"""Answer, offer two or three, or say that nothing is known: the only place with thresholds.

Each candidate has a relevance; "none of them" competes with a relevance of its own, which grows
with the logarithm of the number of questions that the index knows, since among more of them
something fits by chance more often. A softmax over all of these is read as a probability. Its few
figures were chosen on the questions of two help desks and of this project's demo city (20 to 1,000
entries, with and without similar questions), so that of everyday questions about other subjects
one in a hundred is answered and one in ten gets a menu.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum

import msgspec

from kb_index.relevance import WordScore

# A wrong answer costs a citizen more than a tap on a menu; a menu costs little.
ANSWER = 0.58  # of the best: 2 to 4 of 100 everyday questions get a wrong answer
ANSWER_BY_WORDS = 0.70  # of the best where there is no encoder: words mislead more often
OFFER = 0.15  # of the best three together
WORDS_DECIDE = 0.95  # of the best by words alone: vectors are not asked then
MENU_LENGTH = 3
MENU_SHARE = 0.08  # of the best one's probability, for a third on the menu

UNRELATED = 0.86  # cosine of two questions about nothing in common: stands in for a missing vector
COSINE_MIDDLE, COSINE_STEP = 0.90, 0.02


class Outcome(StrEnum):
    ANSWERED = "answered"
    MENU = "menu"
    NO_ARTICLE = "no_article"


class Reason(StrEnum):
    """Why an outcome; stored with the message and counted."""

    SAME_QUESTION = "same_question"
    BY_WORDS = "by_words"
    BY_MEANING = "by_meaning"
    SEVERAL_FIT = "several_fit"
    NOTHING_SPECIFIC = "nothing_specific"  # the query holds generic phrases only
    NOTHING_SHARED = "nothing_shared"  # no article has a word of it, and none a similar meaning
    NOTHING_CLOSE = "nothing_close"


class Scale(msgspec.Struct, frozen=True):
    """How relevance becomes probability."""

    steepness: float
    none: float  # relevance of "none of them" for one question in the index …
    none_growth: float  # … and its growth with the logarithm of their number


BY_WORDS = Scale(steepness=6.77, none=2.2, none_growth=0.80)
WITH_VECTORS = Scale(steepness=0.92, none=-3.0, none_growth=1.00)


class Verdict(msgspec.Struct, frozen=True):
    outcome: Outcome
    reason: Reason
    chosen: tuple[int, ...]  # positions of candidates: one answers, two or three are a menu


def word_relevance(score: WordScore) -> float:
    return score.merged + score.single + score.answer + score.overlap


def full_relevance(score: WordScore, nearest: float, centre: float) -> float:
    """`nearest`: cosine to the closest question of the article; `centre`: to their mean."""
    meaning = (nearest + centre - 2 * COSINE_MIDDLE) / COSINE_STEP
    return meaning + 4 * score.merged + 4 * score.single + 3 * score.answer


def probabilities(relevances: Sequence[float], scale: Scale, questions: float) -> list[float]:
    """One a candidate; what is missing to one is "none of them"."""
    none = scale.none + scale.none_growth * math.log(max(questions, 1.0))
    powers = [scale.steepness * relevance for relevance in relevances]
    top = max([none, *powers])
    weights = [math.exp(power - top) for power in powers]
    whole = sum(weights) + math.exp(none - top)
    return [weight / whole for weight in weights]


def decide_same(scores: Sequence[WordScore]) -> Verdict | None:
    """The citizen asks what one article is asked by, word for word."""
    same = [position for position, score in enumerate(scores) if score.same]
    if len(same) != 1:
        return None
    return Verdict(Outcome.ANSWERED, Reason.SAME_QUESTION, (same[0],))


def decide_by_words(chances: Sequence[float]) -> Verdict | None:
    """An answer where words leave no doubt; None where meaning should be asked."""
    best = max(range(len(chances)), key=chances.__getitem__, default=None)
    if best is None or chances[best] < WORDS_DECIDE:
        return None
    return Verdict(Outcome.ANSWERED, Reason.BY_WORDS, (best,))


def decide(chances: Sequence[float], reason: Reason) -> Verdict:
    """`reason` says what an answer would rest on."""
    if not chances:
        return nothing(Reason.NOTHING_SHARED)
    order = sorted(range(len(chances)), key=lambda position: -chances[position])
    best = order[:MENU_LENGTH]
    enough = ANSWER_BY_WORDS if reason is Reason.BY_WORDS else ANSWER
    if chances[best[0]] >= enough:
        return Verdict(Outcome.ANSWERED, reason, (best[0],))
    if len(best) < 2 or sum(chances[position] for position in best) < OFFER:
        return nothing(Reason.NOTHING_CLOSE)
    least = MENU_SHARE * chances[best[0]]
    menu = best[:2] + [position for position in best[2:] if chances[position] >= least]
    return Verdict(Outcome.MENU, Reason.SEVERAL_FIT, tuple(menu))


def nothing(reason: Reason) -> Verdict:
    return Verdict(Outcome.NO_ARTICLE, reason, ())
