"""Answer, ask back, offer two or three, or say that nothing is known: the only place that decides.

The thresholds come with the index (`kb_index.calibration`); here stands what is done with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from kb_index.ranking import Scale
from kb_index.relevance import WordScore
from kb_index.twins import Family

MENU_LENGTH = 3
MENU_SHARE = 0.08  # of the best one's probability, for a third on the menu


class Outcome(StrEnum):
    ANSWERED = "answered"
    ASK_BACK = "ask_back"  # one thing that the citizen has not said tells the entries apart
    MENU = "menu"
    NO_ARTICLE = "no_article"


class Reason(StrEnum):
    """Why an outcome; stored with the message and counted."""

    SAME_QUESTION = "same_question"
    BY_WORDS = "by_words"
    BY_MEANING = "by_meaning"
    SEVERAL_FIT = "several_fit"
    # What is asked back: a facet of `facets.toml`.
    ASK_HOUSEHOLD = "ask_back:household"
    ASK_WHO = "ask_back:who"
    ASK_TIMES = "ask_back:times"
    ASK_WAY = "ask_back:way"
    ASK_APPLICANT = "ask_back:applicant"
    ASK_AGE = "ask_back:age"
    ASK_WORK = "ask_back:work"
    ASK_HOME = "ask_back:home"
    ASK_DISTRICT = "ask_back:district"
    NOTHING_SPECIFIC = "nothing_specific"  # the query holds generic phrases only
    NOTHING_SHARED = "nothing_shared"  # no article has a word of it, and none a similar meaning
    NOTHING_CLOSE = "nothing_close"


class Stage(msgspec.Struct, frozen=True):
    """How candidates are weighed by what is known of them, and what their chances are good for."""

    scale: Scale
    answer: float  # the best one's probability: answered from here on
    offer: float  # that of the best three together: offered from here on


class Verdict(msgspec.Struct, frozen=True):
    outcome: Outcome
    reason: Reason
    # Positions of candidates: one answers, two or three are a menu, twins are asked back about.
    chosen: tuple[int, ...]
    family: Family | None = None  # what is asked back


def decide_same(scores: Sequence[WordScore], family: Family | None) -> Verdict | None:
    """The citizen asks what one article is asked by, word for word; or what twins are, `family`."""
    same = asked_so(scores)
    if len(same) == 1:
        return Verdict(Outcome.ANSWERED, Reason.SAME_QUESTION, (same[0],))
    if family is not None and same and set(same) <= set(family.positions):
        return _asked_back(family)
    return None


def asked_so(scores: Sequence[WordScore]) -> list[int]:
    """Positions of those that are asked by these very words."""
    return [position for position, score in enumerate(scores) if score.same]


def decide_by_words(chances: Sequence[float], enough: float) -> Verdict | None:
    """An answer where words leave no doubt; None where meaning should be asked."""
    best = max(range(len(chances)), key=chances.__getitem__, default=None)
    if best is None or chances[best] < enough:
        return None
    return Verdict(Outcome.ANSWERED, Reason.BY_WORDS, (best,))


def decide(chances: Sequence[float], reason: Reason, stage: Stage) -> Verdict:
    """`reason` says what an answer would rest on."""
    if not chances:
        return nothing(Reason.NOTHING_SHARED)
    order = sorted(range(len(chances)), key=lambda position: -chances[position])
    best = order[:MENU_LENGTH]
    if chances[best[0]] >= stage.answer:
        return Verdict(Outcome.ANSWERED, reason, (best[0],))
    if len(best) < 2 or sum(chances[position] for position in best) < stage.offer:
        return nothing(Reason.NOTHING_CLOSE)
    least = MENU_SHARE * chances[best[0]]
    menu = best[:2] + [position for position in best[2:] if chances[position] >= least]
    return Verdict(Outcome.MENU, Reason.SEVERAL_FIT, tuple(menu))


def ask_back(
    menu: Verdict, family: Family | None, chances: Sequence[float], stage: Stage
) -> Verdict:
    """Instead of a menu the one thing that tells apart what is on it; or, with others on it, when
    the twins together are as likely as an answer has to be."""
    if family is None:
        return menu
    together = sum(chances[position] for position in family.positions)
    if not set(menu.chosen) <= set(family.positions) and together < stage.answer:
        return menu
    return _asked_back(family)


def _asked_back(family: Family) -> Verdict:
    reason = Reason(f"{Outcome.ASK_BACK}:{family.facet}")
    return Verdict(Outcome.ASK_BACK, reason, family.positions, family)


def decide_others(chances: Sequence[float], stage: Stage) -> Verdict:
    """What else may be meant by who was not helped: offered, never answered. As good as a menu has
    to be; one that would be an answer may be offered alone."""
    verdict = decide(chances, Reason.SEVERAL_FIT, stage)
    if verdict.outcome is not Outcome.ANSWERED:
        return verdict
    order = sorted(range(len(chances)), key=lambda position: -chances[position])
    least = MENU_SHARE * chances[order[0]]
    chosen = tuple(position for position in order[:MENU_LENGTH] if chances[position] >= least)
    return Verdict(Outcome.MENU, Reason.SEVERAL_FIT, chosen)


def nothing(reason: Reason) -> Verdict:
    return Verdict(Outcome.NO_ARTICLE, reason, ())
