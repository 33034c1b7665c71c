"""One question against one index: all candidates, how likely each is, and what that decides.

Words first. Vectors cost 10 to 20 ms of a core and are asked only where words leave a doubt.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from kb_index.calibration import Calibration
from kb_index.decision import (
    MENU_SHARE,
    Outcome,
    Reason,
    Stage,
    Verdict,
    ask_back,
    asked_so,
    decide,
    decide_by_words,
    decide_same,
    nothing,
)
from kb_index.further import further_of
from kb_index.hits import Finding, Further, Hit, hit_of
from kb_index.matching import Match, Matcher
from kb_index.meaning import Meant
from kb_index.ranking import probabilities
from kb_index.relevance import Profile, passage_for
from kb_index.twins import Family, as_said, family_of


class Ranking(msgspec.Struct, frozen=True, kw_only=True):
    """All candidates with what was decided; `evaluate` looks at more than citizens see."""

    profiles: tuple[Profile, ...]
    chances: tuple[float, ...]
    verdict: Verdict
    found: Match | None = None  # None: nothing was looked for
    encoder_calls: int = 0
    cache_hits: int = 0

    def ordered(self) -> list[str]:
        """External ids, best first."""
        order = sorted(range(len(self.chances)), key=lambda position: -self.chances[position])
        return [self.profiles[position].article.external_id for position in order]

    def chosen(self) -> tuple[Hit, ...]:
        """What is answered or offered."""
        return tuple(self._hit(position) for position in self.verdict.chosen)

    def further(self) -> tuple[Further, ...]:
        """What else may be asked of the matter of the answer; nothing is searched for it."""
        if self.verdict.outcome is not Outcome.ANSWERED:
            return ()
        answer = self.profiles[self.verdict.chosen[0]].article
        found = further_of(answer, [profile.article for profile in self.profiles])
        return tuple(Further(one.external_id, one.question) for one in found)

    def _hit(self, position: int) -> Hit:
        assert self.found is not None
        profile = self.profiles[position]
        passage = passage_for(self.found.asked, profile, self.found.frequencies)
        return hit_of(profile.article, self.chances[position], passage)


def rank(
    query: str,
    matcher: Matcher,
    meant: Meant | None,
    calibration: Calibration,
    *,
    hotline: str,
    now: datetime,
) -> Ranking:
    """`meant`: None where nothing is encoded. Raises `IndexUnavailable`."""
    found = matcher.by_words(query, hotline, now)
    if found is None:
        return Ranking(profiles=(), chances=(), verdict=nothing(Reason.NOTHING_SPECIFIC))
    words = calibration.words
    chances = as_said(
        query,
        found.articles(),
        probabilities(found.word_figures(), words.scale, found.questions),
    )
    verdict = decide_same(found.scores, _twins_asked_so(query, found, chances))
    verdict = verdict or decide_by_words(chances, calibration.words_decide)
    if verdict is None and meant is None:
        verdict = _decide(query, found, chances, Reason.BY_WORDS, words)
    if verdict is not None:
        return Ranking(
            profiles=found.profiles, chances=tuple(chances), verdict=verdict, found=found
        )
    assert meant is not None
    found, remembered = matcher.by_meaning(found, meant, hotline, now)
    stage = calibration.meaning
    chances = as_said(
        query,
        found.articles(),
        probabilities(found.figures(), stage.scale, found.questions),
    )
    return Ranking(
        profiles=found.profiles,
        chances=tuple(chances),
        verdict=_decide(query, found, chances, Reason.BY_MEANING, stage),
        found=found,
        encoder_calls=0 if remembered else 1,
        cache_hits=1 if remembered else 0,
    )


def finding_of(ranking: Ranking) -> Finding:
    """What of it a citizen is told."""
    family = ranking.verdict.family
    return Finding(
        outcome=ranking.verdict.outcome,
        reason=ranking.verdict.reason,
        hits=ranking.chosen(),
        asks=family.question if family else "",
        labels=family.labels if family else (),
        further=ranking.further(),
        encoder_calls=ranking.encoder_calls,
        cache_hits=ranking.cache_hits,
    )


def _twins_asked_so(query: str, found: Match, chances: Sequence[float]) -> Family | None:
    """Those among the candidates that are asked by these very words, when there are several."""
    same = asked_so(found.scores)
    if len(same) < 2:
        return None
    alone = [chance if place in same else 0.0 for place, chance in enumerate(chances)]
    return family_of(query, found.articles(), alone, MENU_SHARE)


def _decide(
    query: str, found: Match, chances: Sequence[float], reason: Reason, stage: Stage
) -> Verdict:
    verdict = decide(chances, reason, stage)
    if verdict.outcome is not Outcome.MENU:
        return verdict
    return ask_back(
        verdict, family_of(query, found.articles(), chances, MENU_SHARE), chances, stage
    )
