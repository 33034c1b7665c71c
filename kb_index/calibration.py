"""When to answer, learned from the knowledge that is indexed, and kept beside it.

From the questions of `kb_index.rehearsal` come the weights and the thresholds, with the figures
that they reach. A knowledge base without similar questions keeps the standard weights, and takes
higher thresholds where those questions show that it needs them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from kb_index.decision import MENU_LENGTH, Stage
from kb_index.directions import NO_DIRECTIONS, Directions
from kb_index.index import Index
from kb_index.learning import learn
from kb_index.matching import Match, Matcher
from kb_index.meaning import Follower
from kb_index.nearest import Resident
from kb_index.ranking import Floats, Scale, probabilities
from kb_index.rehearsal import (
    Kind,
    Sample,
    directions_without,
    known_question,
    left_out,
    unknown_questions,
)
from kb_index.standard import STANDARD_MEANING, STANDARD_WORDS, WORDS_DECIDE

FORMAT = 3  # rises when figures or stages change their meaning
ENOUGH = 60  # similar questions left out; from fewer no weights are learned
GROWN = 0.2  # share of the entries that came or went since: time to learn anew

WRONG_AT_MOST = 0.008  # of all answers, a fifth of the questions being unknown
UNKNOWN_SHARE = 0.2
UNKNOWN_ANSWERED_AT_MOST = 0.008
EVERYDAY_OFFERED_AT_MOST = 0.02  # a menu costs little where the question is a near one
WORDS_WRONG_AT_MOST = 0.005
LEAST_OFFER, HIGHEST_OFFER = 0.22, 0.5
HIGHEST = 0.85  # nothing is asked to be surer: what two entries answer alike is never sure
STEP = 0.01


class Reached(msgspec.Struct, frozen=True):
    """Shares of the questions that were asked to learn: wrong of all, abstained of the everyday
    ones, the others of those that have an entry."""

    answered_right: float
    menu_hit: float
    answered_wrong: float
    abstained_right: float


class Calibration(msgspec.Struct, frozen=True, kw_only=True):
    """How one knowledge base decides."""

    words: Stage
    meaning: Stage
    words_decide: float  # of the best by words alone: meaning is not asked then
    format: int = FORMAT
    encoder: str = ""
    generation: str = ""
    entries: int = 0
    asked: int = 0  # similar questions left out; 0: the weights are the standard ones
    unknown: int = 0
    directions: str = ""  # the key of those that the weights were learned with
    reached: Reached | None = None


STANDARD = Calibration(words=STANDARD_WORDS, meaning=STANDARD_MEANING, words_decide=WORDS_DECIDE)


class _Asked(msgspec.Struct, frozen=True):
    """What a stage made of one question."""

    chances: list[float]
    right: int | None
    kind: Kind

    @property
    def best(self) -> float:
        return max(self.chances, default=0.0)

    @property
    def best_is_right(self) -> bool:
        return self.right is not None and self.chances[self.right] == self.best

    @property
    def together(self) -> float:
        return sum(sorted(self.chances)[-MENU_LENGTH:])

    @property
    def right_is_offered(self) -> bool:
        if self.right is None:
            return False
        return sum(one > self.chances[self.right] for one in self.chances) < MENU_LENGTH


def is_stale(calibration: Calibration, generation: str, entries: int, encoder: str) -> bool:
    return (
        calibration.format != FORMAT
        or calibration.generation != generation
        or calibration.encoder != encoder
        or abs(calibration.entries - entries) > GROWN * max(calibration.entries, 1)
    )


def calibrate(
    index: Index, matcher: Matcher, follower: Follower | None, now: datetime
) -> tuple[Calibration, Directions]:
    """Ask what the index knows and what it does not. Raises `IndexUnavailable`."""
    generation, entries = index.generation(), index.count()
    asked = left_out(index.scan(), now)
    meanings = follower.meanings if follower is not None else None
    rehearsed = NO_DIRECTIONS
    if isinstance(meanings, Resident) and len(asked) >= ENOUGH:
        rehearsed = directions_without(meanings, asked)
    known = [
        sample
        for article, position in asked
        if (sample := known_question(matcher, follower, rehearsed, article, position, now))
    ]
    unknown = unknown_questions(matcher, follower, rehearsed, now)
    learns = len(known) >= ENOUGH
    directions = NO_DIRECTIONS
    if isinstance(meanings, Resident) and learns:
        directions = directions_without(meanings, ())
    samples = known + unknown
    words = _stage(samples, STANDARD.words, Match.word_figures, learns=learns)
    meaning, judged = STANDARD.meaning, _asked(samples, words.scale, Match.word_figures)
    words_decide = _words_decide(judged) if learns else STANDARD.words_decide
    decides = words
    if follower is not None:
        decides = meaning = _stage(samples, STANDARD.meaning, Match.figures, learns=learns)
        judged = _asked(samples, meaning.scale, Match.figures)
    calibration = Calibration(
        words=words,
        meaning=meaning,
        words_decide=words_decide,
        encoder=follower.encoder_name if follower is not None else "",
        generation=generation,
        entries=entries,
        asked=len(known) if learns else 0,
        unknown=len(unknown),
        directions=directions.key,
        reached=_reached(judged, decides),
    )
    return calibration, directions


def _stage(
    samples: Sequence[Sample],
    standard: Stage,
    figures: Callable[[Match], Floats],
    *,
    learns: bool,
) -> Stage:
    scale = standard.scale
    if learns:
        # A known question whose entry is no candidate teaches nothing: no answer would be right.
        taught = [one for one in samples if one.right is not None or one.kind is not Kind.KNOWN]
        scale = learn([one.example(figures(one.found)) for one in taught], scale)
    asked = _asked(samples, scale, figures)
    least = 0.5 if learns else standard.answer
    answer = _first(least, HIGHEST, lambda enough: _answers_well(asked, enough))
    least = LEAST_OFFER if learns else standard.offer
    offer = _first(least, HIGHEST_OFFER, lambda enough: _offers_rarely(asked, enough))
    return Stage(scale, answer, offer if learns else standard.offer)


def _asked(
    samples: Sequence[Sample], scale: Scale, figures: Callable[[Match], Floats]
) -> list[_Asked]:
    return [
        _Asked(probabilities(figures(one.found), scale, one.found.questions), one.right, one.kind)
        for one in samples
    ]


def _answers_well(asked: Sequence[_Asked], enough: float) -> bool:
    known = [one for one in asked if one.kind is Kind.KNOWN]
    unknown = [one for one in asked if one.kind is not Kind.KNOWN]
    wrong = _share(known, lambda one: one.best >= enough and not one.best_is_right)
    answered = _share(unknown, lambda one: one.best >= enough)
    mixed = (1 - UNKNOWN_SHARE) * wrong + UNKNOWN_SHARE * answered
    return answered <= UNKNOWN_ANSWERED_AT_MOST and mixed <= WRONG_AT_MOST


def _offers_rarely(asked: Sequence[_Asked], enough: float) -> bool:
    everyday = [one for one in asked if one.kind is Kind.EVERYDAY]
    return _share(everyday, lambda one: one.together >= enough) <= EVERYDAY_OFFERED_AT_MOST


def _words_decide(asked: Sequence[_Asked]) -> float:
    """From here on words alone are right in all but a few of the answers that they give."""

    def trusted(enough: float) -> bool:
        sure = [one for one in asked if one.best >= enough]
        return sum(not one.best_is_right for one in sure) <= WORDS_WRONG_AT_MOST * len(asked)

    return _first(0.7, 0.99, trusted)


def _first(least: float, most: float, holds: Callable[[float], bool]) -> float:
    """The lowest threshold that does, or the highest."""
    steps = round((most - least) / STEP) + 1
    candidates = [round(least + STEP * step, 4) for step in range(steps)]
    return next((one for one in candidates if holds(one)), round(most, 4))


def _share(asked: Sequence[_Asked], holds: Callable[[_Asked], bool]) -> float:
    return sum(map(holds, asked)) / max(len(asked), 1)


def _reached(asked: Sequence[_Asked], stage: Stage) -> Reached | None:
    known = [one for one in asked if one.kind is Kind.KNOWN]
    everyday = [one for one in asked if one.kind is Kind.EVERYDAY]
    if not known or not everyday:
        return None

    def answers(one: _Asked) -> bool:
        return one.best >= stage.answer

    def offers(one: _Asked) -> bool:
        return not answers(one) and one.together >= stage.offer

    return Reached(
        answered_right=round(_share(known, lambda one: answers(one) and one.best_is_right), 4),
        menu_hit=round(_share(known, lambda one: offers(one) and one.right_is_offered), 4),
        answered_wrong=round(_share(asked, lambda one: answers(one) and not one.best_is_right), 4),
        abstained_right=round(
            _share(everyday, lambda one: not answers(one) and not offers(one)), 4
        ),
    )
