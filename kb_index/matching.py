"""What a query and the entries of the index have in common, by words and then by meaning."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import chain

import msgspec

from kb_index.article import Article
from kb_index.core import clauses_of, core_of
from kb_index.directions import NO_DIRECTIONS, Directions
from kb_index.encoder import Vector
from kb_index.index import Candidate, Frequencies, Index, Searched
from kb_index.meaning import Meant
from kb_index.nearest import (
    Known,
    Meanings,
    OnDisk,
    cosines_of,
    known_as,
    nearest_articles,
    nearest_candidates,
)
from kb_index.normal import normalise
from kb_index.profiles import Profiles
from kb_index.ranking import UNRELATED, Floats, Meaning, all_figures, word_figures
from kb_index.relevance import (
    Profile,
    WordScore,
    is_asked_by,
    score_words,
    weight_in_common,
)
from kb_index.slips import Slip, in_common, readings, slips_in
from kb_index.sounds import sounds_of
from kb_index.synonyms import NO_MORE, Synonyms
from kb_index.words import Words, words_of

BY_WORDS_LIMIT = 30  # candidates by words: the right one is among them in 94 to 99 of 100
BY_MEANING_LIMIT = 20  # candidates by meaning that words may have missed
COMPARED_LIMIT = 300  # candidates by words whose vectors are compared in a large index
WEIGHED = 10  # of them, the best: what a clause has in common with one of these makes it count
LONGEST_QUERY = 300  # characters: what follows in a message is story

ENCODED_AT_ONCE = 5  # entries whose vectors are missing and are made while the citizen waits


class Match(msgspec.Struct, frozen=True):
    """One query with its candidates. Without `meanings` meaning has not been looked at."""

    asked: Words
    meant: str  # what an encoder should read
    frequencies: Frequencies
    profiles: tuple[Profile, ...]
    scores: tuple[WordScore, ...]
    meanings: tuple[Meaning, ...] = ()

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
        return all_figures(self.scores, self.meanings)


class Matcher:
    """Searches one index. Threads share it; what it keeps can be made again."""

    def __init__(self, index: Searched) -> None:
        self.index = index
        self.synonyms = NO_MORE
        self.directions = NO_DIRECTIONS
        self._profiles = Profiles()

    def use(self, synonyms: Synonyms, directions: Directions = NO_DIRECTIONS) -> None:
        """A city's own synonyms and what was learned of its entries, from the next search on."""
        self.directions = directions
        if synonyms is not self.synonyms:
            self.synonyms, self._profiles = synonyms, Profiles(synonyms)

    def over(self, index: Searched) -> Matcher:
        """Another index that holds nearly the same, searched with what is kept of this one."""
        other = Matcher(index)
        other.synonyms, other.directions = self.synonyms, self.directions
        other._profiles = self._profiles
        return other

    def warm(self, index: Index) -> None:
        """Make the profiles before somebody waits for them, while there is room."""
        profiles = self._profiles
        for _, article in index.survey(profiles):
            if not profiles.has_room:
                break
            if article is not None:
                profiles.of(article)
        profiles.settle()

    def same(self, query: str, hotline: str, now: datetime) -> list[Profile]:
        """Entries that are asked by these very words, generic phrases and courtesy aside."""
        text = "，".join(clauses_of(_text(query)))
        words = words_of(text, self.synonyms)
        if not words.specific:
            return []
        [candidates] = self._search_each([self._tokens(text, words)], hotline, now)
        found = self._profiles_of(candidates, hotline, now)
        return [one for one in found if is_asked_by(words, one)]

    def by_words(self, query: str, hotline: str, now: datetime) -> Match | None:
        """None when the query holds generic phrases only."""
        text = _text(query)
        more = self.synonyms
        words = words_of(text, more)
        if not words.specific:
            return None
        frequencies = self.index.frequencies(dict.fromkeys((*words.every, *sounds_of(words.every))))
        typed = normalise(text)
        slips = slips_in(typed, frequencies)
        wanted = [self._tokens(text, words), *([[slip.sound for slip in slips]] if slips else [])]
        candidates, *alike = self._search_each(wanted, hotline, now)
        if slips and (meant := self._as_meant(typed, slips, frequencies, alike[0], hotline, now)):
            text, words = meant, words_of(meant, more)
            frequencies = self.index.frequencies(dict.fromkeys(words.every))
            [candidates] = self._search_each([self._tokens(text, words)], hotline, now)
        profiles = self._profiles_of(candidates, hotline, now)
        core = core_of(text, weight_in_common(profiles[:WEIGHED], frequencies, more))
        meant = more.officially(core.meant)
        return match(words_of(core.asked, more), meant, frequencies, profiles)

    def by_meaning(
        self, found: Match, meant: Meant, hotline: str, now: datetime
    ) -> tuple[Match, bool]:
        """With the candidates that words missed, and all of their cosines; and whether the
        query's vector was remembered."""
        vector, remembered = meant.queries.vector_of(found.meant)
        meanings = meant.meanings
        more = self.with_near(found, vector, meanings, hotline, now)
        known = meanings.known_of([profile.digest for profile in more.profiles])
        for position in _worth_encoding(more, known):
            question, _ = meant.queries.vector_of(more.profiles[position].article.question)
            known[position] = known_as(question.reshape(1, -1))
        return with_meanings(more, vector, known, self.directions), remembered

    def with_vector(
        self,
        found: Match,
        vector: Vector,
        meanings: Meanings,
        hotline: str,
        now: datetime,
        directions: Directions = NO_DIRECTIONS,
    ) -> Match:
        """As `by_meaning`, with a vector that is at hand."""
        more = self.with_near(found, vector, meanings, hotline, now)
        known = meanings.known_of([profile.digest for profile in more.profiles])
        return with_meanings(more, vector, known, directions)

    def with_near(
        self, found: Match, vector: Vector, meanings: Meanings, hotline: str, now: datetime
    ) -> Match:
        """With the candidates whose meaning is near and that words missed."""
        near = self._near(found, vector, meanings, hotline, now)
        present = {profile.article.external_id for profile in found.profiles}
        missed = [external_id for external_id in near if external_id not in present]
        profiles = (*found.profiles, *self._current(missed, hotline, now))
        return match(found.asked, found.meant, found.frequencies, profiles)

    def _as_meant(
        self,
        typed: str,
        slips: Sequence[Slip],
        frequencies: Frequencies,
        alike: Sequence[Candidate],
        hotline: str,
        now: datetime,
    ) -> str | None:
        """The query without slips of the input method; None when none of them was one.

        `alike`: candidates in which something sounds so.
        """
        known = [profile.merged for profile in self._profiles_of(alike, hotline, now)]
        read = list(readings(typed, slips, known))
        words = {word for text in read for word in words_of(text).every}
        common = self.index.frequencies(words) if read else frequencies
        best = max(read, key=lambda text: in_common(text, common), default=typed)
        return best if in_common(best, common) > in_common(typed, frequencies) else None

    def _near(
        self, found: Match, vector: Vector, meanings: Meanings, hotline: str, now: datetime
    ) -> list[str]:
        """Of all articles, or of the many best by words of an index whose vectors are on disk."""
        limit = BY_MEANING_LIMIT
        if not isinstance(meanings, OnDisk):
            return nearest_articles(meanings, vector, hotline=hotline, now=now, limit=limit)
        words = list(dict.fromkeys(found.asked.every))
        many = self.index.search_words(words, hotline=hotline, now=now, limit=COMPARED_LIMIT)
        return nearest_candidates(meanings, vector, many, limit=limit)

    def _tokens(self, text: str, words: Words) -> list[str]:
        others = (words_of(name).every for name in self.synonyms.other_names(text))
        return list(dict.fromkeys(chain(words.every, *others)))

    def _search_each(
        self, wanted: Sequence[Sequence[str]], hotline: str, now: datetime
    ) -> list[list[Candidate]]:
        return self.index.search_each(wanted, hotline=hotline, now=now, limit=BY_WORDS_LIMIT)

    def _profiles_of(
        self, candidates: Sequence[Candidate], hotline: str, now: datetime
    ) -> list[Profile]:
        """One that has changed since it was last seen is read anew."""
        kept = {one.digest: self._profiles.get(one.digest) for one in candidates}
        unknown = [one.external_id for one in candidates if kept[one.digest] is None]
        fresh = {one.article.external_id: one for one in self._current(unknown, hotline, now)}
        profiles = [kept[one.digest] or fresh.get(one.external_id) for one in candidates]
        return [profile for profile in profiles if profile is not None]

    def _current(self, external_ids: Sequence[str], hotline: str, now: datetime) -> list[Profile]:
        """Those that stand in the index and may be shown now, as they stand there."""
        articles = self.index.articles(external_ids)
        profiles = []
        for external_id in external_ids:
            article = articles.get(external_id)
            if article is not None and article.may_be_shown(hotline, now):
                profiles.append(self._profiles.of(article))
        return profiles


def match(asked: Words, meant: str, frequencies: Frequencies, profiles: Sequence[Profile]) -> Match:
    """What these words and these entries have in common."""
    scores = tuple(score_words(asked, profiles, frequencies)) if profiles else ()
    return Match(asked, meant, frequencies, tuple(profiles), scores)


def with_meanings(
    found: Match, vector: Vector, known: Sequence[Known | None], directions: Directions
) -> Match:
    """`known`: one a candidate; None has no vector yet."""
    cosines = cosines_of(vector, known, missing=(UNRELATED, UNRELATED))
    ids = [profile.article.external_id for profile in found.profiles]
    sides = directions.sides(vector, ids, [centre for _, centre in cosines])
    meanings = [(*both, side) for both, side in zip(cosines, sides, strict=True)]
    return msgspec.structs.replace(found, meanings=tuple(meanings))


def _worth_encoding(found: Match, known: Sequence[Known | None]) -> list[int]:
    """The best by words among those that the background has not reached yet. The citizen waits."""
    missing = [position for position, one in enumerate(known) if one is None]
    missing.sort(key=lambda position: -found.scores[position].merged)
    return missing[:ENCODED_AT_ONCE]


def _text(query: str) -> str:
    return query.strip()[:LONGEST_QUERY]
