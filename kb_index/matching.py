"""What a query and the entries of the index have in common, by words and then by meaning."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import chain

import msgspec

from kb_index.article import Article
from kb_index.core import clauses_of, core_of
from kb_index.document import digest_of_article
from kb_index.encoder import Vector
from kb_index.index import Candidate, Frequencies, Index
from kb_index.meaning import Follower, Known, Meanings, cosines_of, known_as, nearest_articles
from kb_index.ranking import UNRELATED, Floats, all_figures, word_figures
from kb_index.relevance import (
    Profile,
    WordScore,
    is_asked_by,
    profile_of,
    score_words,
    weight_in_common,
)
from kb_index.synonyms import NO_MORE, Synonyms
from kb_index.words import Words, words_of

BY_WORDS_LIMIT = 30  # candidates by words: the right one is among them in 94 to 99 of 100
BY_MEANING_LIMIT = 20  # candidates by meaning that words may have missed
WEIGHED = 10  # of them, the best: what a clause has in common with one of these makes it count
LONGEST_QUERY = 300  # characters: what follows in a message is story
PROFILES_KEPT = 20_000

ENCODED_AT_ONCE = 5  # entries whose vectors are missing and are made while the citizen waits

type Cosines = tuple[tuple[float, float], ...]


class Match(msgspec.Struct, frozen=True):
    """One query with its candidates. Without cosines meaning has not been looked at."""

    asked: Words
    meant: str  # what an encoder should read
    frequencies: Frequencies
    profiles: tuple[Profile, ...]
    scores: tuple[WordScore, ...]
    cosines: Cosines = ()

    @property
    def questions(self) -> float:
        """About how many questions the index knows."""
        if not self.profiles:
            return 0.0
        mean = sum(len(profile.questions) for profile in self.profiles) / len(self.profiles)
        return mean * self.frequencies.total

    def articles(self) -> list[Article]:
        return [profile.article for profile in self.profiles]

    def word_figures(self) -> Floats:
        return word_figures(self.scores)

    def figures(self) -> Floats:
        return all_figures(self.scores, self.cosines)


class Matcher:
    """Searches one index. Threads share it; what it keeps can be made again."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.synonyms = NO_MORE
        self._profiles: dict[int, Profile] = {}

    def use(self, synonyms: Synonyms) -> None:
        """A city's own synonyms, from the next search on."""
        if synonyms is not self.synonyms:
            self.synonyms, self._profiles = synonyms, {}

    def same(self, query: str, hotline: str, now: datetime) -> list[Profile]:
        """Entries that are asked by these very words, generic phrases and courtesy aside."""
        text = "，".join(clauses_of(_text(query)))
        words = words_of(text, self.synonyms)
        if not words.specific:
            return []
        found = self._by_words(text, words, hotline, now)
        return [one for one in found if is_asked_by(words, one)]

    def by_words(self, query: str, hotline: str, now: datetime) -> Match | None:
        """None when the query holds generic phrases only."""
        text = _text(query)
        more = self.synonyms
        words = words_of(text, more)
        if not words.specific:
            return None
        profiles = self._by_words(text, words, hotline, now)
        frequencies = self.index.frequencies(dict.fromkeys(words.every))
        core = core_of(text, weight_in_common(profiles[:WEIGHED], frequencies, more))
        meant = more.officially(core.meant)
        return match(words_of(core.asked, more), meant, frequencies, profiles)

    def by_meaning(
        self, found: Match, follower: Follower, hotline: str, now: datetime
    ) -> tuple[Match, bool]:
        """With the candidates that words missed, and all of their cosines; and whether the
        query's vector was remembered."""
        vector, remembered = follower.queries.vector_of(found.meant)
        meanings = follower.meanings
        more = self.with_near(found, vector, meanings, hotline, now)
        known = [meanings.known.get(profile.digest) for profile in more.profiles]
        for position in _worth_encoding(more, known):
            question, _ = follower.queries.vector_of(more.profiles[position].article.question)
            known[position] = known_as(more.profiles[position].article, question.reshape(1, -1))
        return with_cosines(more, vector, known), remembered

    def with_vector(
        self, found: Match, vector: Vector, meanings: Meanings, hotline: str, now: datetime
    ) -> Match:
        """As `by_meaning`, with a vector that is at hand."""
        more = self.with_near(found, vector, meanings, hotline, now)
        known = [meanings.known.get(profile.digest) for profile in more.profiles]
        return with_cosines(more, vector, known)

    def with_near(
        self, found: Match, vector: Vector, meanings: Meanings, hotline: str, now: datetime
    ) -> Match:
        """With the candidates whose meaning is near and that words missed."""
        near = nearest_articles(meanings, vector, hotline=hotline, now=now, limit=BY_MEANING_LIMIT)
        present = {profile.article.external_id for profile in found.profiles}
        missed = [external_id for external_id in near if external_id not in present]
        profiles = (*found.profiles, *self._current(missed, hotline, now))
        return match(found.asked, found.meant, found.frequencies, profiles)

    def _by_words(self, text: str, words: Words, hotline: str, now: datetime) -> list[Profile]:
        """The best candidates; one that has changed since it was last seen is read anew."""
        others = (words_of(name).every for name in self.synonyms.other_names(text))
        tokens = list(dict.fromkeys(chain(words.every, *others)))
        candidates = self.index.search_words(tokens, hotline=hotline, now=now, limit=BY_WORDS_LIMIT)
        return self._profiles_of(candidates, hotline, now)

    def _profiles_of(
        self, candidates: Sequence[Candidate], hotline: str, now: datetime
    ) -> list[Profile]:
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
                profile = self._profiles.get(digest) or profile_of(article, self.synonyms)
                self._profiles[digest] = profile
                profiles.append(profile)
        return profiles


def match(asked: Words, meant: str, frequencies: Frequencies, profiles: Sequence[Profile]) -> Match:
    """What these words and these entries have in common."""
    scores = tuple(score_words(asked, profiles, frequencies)) if profiles else ()
    return Match(asked, meant, frequencies, tuple(profiles), scores)


def with_cosines(found: Match, vector: Vector, known: Sequence[Known | None]) -> Match:
    """`known`: one a candidate; None has no vector yet."""
    cosines = cosines_of(vector, known, missing=(UNRELATED, UNRELATED))
    return msgspec.structs.replace(found, cosines=tuple(cosines))


def _worth_encoding(found: Match, known: Sequence[Known | None]) -> list[int]:
    """The best by words among those that the background has not reached yet. The citizen waits."""
    missing = [position for position, one in enumerate(known) if one is None]
    missing.sort(key=lambda position: -found.scores[position].merged)
    return missing[:ENCODED_AT_ONCE]


def _text(query: str) -> str:
    return query.strip()[:LONGEST_QUERY]
