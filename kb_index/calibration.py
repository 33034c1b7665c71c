"""When to answer, learned from the knowledge that is indexed, and kept beside it.

Each of a sample of similar questions is asked as if its entry did not know it. Questions about
subjects of no hotline (`everyday.txt`) and of other authorities (`near.txt`) are asked as well:
nothing should be answered. From both come the weights and the thresholds, with the figures that
they reach. A knowledge base without similar questions keeps the standard weights, and takes higher
thresholds where those questions show that it needs them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from enum import Enum
from hashlib import blake2b
from pathlib import Path

import msgspec
import numpy as np

from kb_index.article import EVERY_HOTLINE, Article
from kb_index.decision import MENU_LENGTH, Stage
from kb_index.learning import Example, learn
from kb_index.matching import Match, Matcher, match, with_cosines
from kb_index.meaning import Follower, known_as
from kb_index.ranking import Floats, Scale, probabilities
from kb_index.relevance import profile_of
from kb_index.standard import STANDARD_MEANING, STANDARD_WORDS, WORDS_DECIDE

NOTE = "calibration"
FORMAT = 1  # rises when figures or stages change their meaning
ASKED = 400  # similar questions that are left out in turn
ENOUGH = 60  # of them; from fewer no weights are learned
UNKNOWN_WEIGHT = 0.6  # of a question that should not be answered, against one that should
COVERED = 0.75  # of what is specific: an entry that holds so much of a near question answers it
BROAD = 100  # entries; in such a knowledge base what seems to be answered mostly is:
LIKELY = 0.3  # chance of an entry, by words
GROWN = 0.2  # share of the entries that came or went since: time to learn anew

CITY_ALONE = ""  # a hotline without entries of its own: its citizens see the city's

WRONG_AT_MOST = 0.02  # of all answers, a fifth of the questions being unknown
UNKNOWN_SHARE = 0.2
UNKNOWN_ANSWERED_AT_MOST = 0.008
EVERYDAY_OFFERED_AT_MOST = 0.025  # a menu costs little where the question is a near one
WORDS_WRONG_AT_MOST = 0.005
HIGHEST_OFFER = 0.5
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
    reached: Reached | None = None


STANDARD = Calibration(words=STANDARD_WORDS, meaning=STANDARD_MEANING, words_decide=WORDS_DECIDE)


class Kind(Enum):
    KNOWN = "known"  # an entry answers it, among the candidates or not
    NEAR = "near"
    EVERYDAY = "everyday"


class _Sample(msgspec.Struct, frozen=True):
    """One question: what it has in common with its candidates, and which of them is right."""

    found: Match
    right: int | None
    kind: Kind

    def example(self, figures: Floats) -> Example:
        weight = 1.0 if self.kind is Kind.KNOWN else UNKNOWN_WEIGHT
        return Example(figures, self.right, self.found.questions, weight)


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


def calibrate(matcher: Matcher, follower: Follower | None, now: datetime) -> Calibration:
    """Ask what the index knows and what it does not. Raises `IndexUnavailable`."""
    index = matcher.index
    generation, entries = index.generation(), index.count()
    known = [
        sample
        for article, position in _left_out(index.scan(), now)
        if (sample := _known(matcher, follower, article, position, now)) is not None
    ]
    unknown = _unknown(matcher, follower, now)
    learns = len(known) >= ENOUGH
    samples = known + unknown
    words = _stage(samples, STANDARD.words, Match.word_figures, learns=learns)
    meaning, judged = STANDARD.meaning, _asked(samples, words.scale, Match.word_figures)
    words_decide = _words_decide(judged) if learns else STANDARD.words_decide
    decides = words
    if follower is not None:
        decides = meaning = _stage(samples, STANDARD.meaning, Match.figures, learns=learns)
        judged = _asked(samples, meaning.scale, Match.figures)
    return Calibration(
        words=words,
        meaning=meaning,
        words_decide=words_decide,
        encoder=follower.encoder_name if follower is not None else "",
        generation=generation,
        entries=entries,
        asked=len(known) if learns else 0,
        unknown=len(unknown),
        reached=_reached(judged, decides),
    )


def questions_without_answer() -> list[str]:
    """What no hotline's knowledge should answer, near questions last."""
    return [*_read("everyday.txt"), *_read("near.txt")]


def _left_out(articles: Iterable[Article], now: datetime) -> list[tuple[Article, int]]:
    """A sample of similar questions, the same one whenever the knowledge is the same."""
    pairs = [
        (article, position)
        for article in articles
        if article.may_be_shown(EVERY_HOTLINE, now)
        for position in range(len(article.similar_questions))
    ]
    pairs.sort(key=lambda pair: blake2b(pair[0].similar_questions[pair[1]].encode()).digest())
    return pairs[:ASKED]


def _known(
    matcher: Matcher, follower: Follower | None, article: Article, position: int, now: datetime
) -> _Sample | None:
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
        whole = meanings.known.get(profile_of(article).digest)
        if whole is None:
            return None  # published a moment ago
        rows = whole.rows.astype(np.float32)
        own = known_as(less, np.delete(rows, position + 1, axis=0))
        vector = rows[position + 1]
        found = matcher.with_near(found, vector, meanings, hotline, now)
    profiles = [
        profile_of(less) if one.article.external_id == article.external_id else one
        for one in found.profiles
    ]
    found = match(found.asked, found.meant, found.frequencies, profiles)
    ids = [one.article.external_id for one in profiles]
    right = ids.index(article.external_id) if article.external_id in ids else None
    if meanings is not None:
        others = [meanings.known.get(one.digest) for one in profiles]
        if right is not None:
            others[right] = own
        found = with_cosines(found, vector, others)
    return _Sample(found, right, Kind.KNOWN)


def _unknown(matcher: Matcher, follower: Follower | None, now: datetime) -> list[_Sample]:
    """Questions that should not be answered, but for those that this knowledge has an entry for."""
    everyday, near = _read("everyday.txt"), _read("near.txt")
    vectors = follower.vectors_of([*everyday, *near]) if follower is not None else None
    samples = []
    for number, text in enumerate([*everyday, *near]):
        found = matcher.by_words(text, EVERY_HOTLINE, now)
        kind = Kind.EVERYDAY if number < len(everyday) else Kind.NEAR
        if found is None or (kind is Kind.NEAR and _covers(found)):
            continue
        if follower is not None and vectors is not None and number < len(vectors):
            found = matcher.with_vector(
                found, vectors[number], follower.meanings, EVERY_HOTLINE, now
            )
        if found.profiles:
            samples.append(_Sample(found, None, kind))
    return samples


def _covers(found: Match) -> bool:
    """A broad knowledge base answers what it seems to; a small one mostly does not."""
    if any(score.covered >= COVERED for score in found.scores):
        return True
    scale = STANDARD.words.scale
    likely = max(probabilities(found.word_figures(), scale, found.questions), default=0.0)
    return found.frequencies.total >= BROAD and likely >= LIKELY


def _stage(
    samples: Sequence[_Sample],
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
    least = 0.15 if learns else standard.offer
    offer = _first(least, HIGHEST_OFFER, lambda enough: _offers_rarely(asked, enough))
    return Stage(scale, answer, offer if learns else standard.offer)


def _asked(
    samples: Sequence[_Sample], scale: Scale, figures: Callable[[Match], Floats]
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


def _read(name: str) -> list[str]:
    lines = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]
