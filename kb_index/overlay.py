"""An index as it would be once some articles have changed. Nothing is written.

A changed article that shares a word with a query is always among its candidates, where the engine
keeps the thirty best only: a candidate that fits badly changes no decision, and one that fits well
would be there anyway. All else is asked of the live index and counted with the same numbers, so
that it decides as that index will.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property

import msgspec

from kb_index.article import Article
from kb_index.article_vectors import Rows
from kb_index.calibration import Calibration
from kb_index.document import document_of
from kb_index.hits import Finding
from kb_index.index import Candidate, Frequencies, Searched
from kb_index.matching import Matcher
from kb_index.meaning import Follower
from kb_index.nearest import Entry, Meanings, OnDisk, Stored, entry_of, resident
from kb_index.ranked import Ranking, finding_of, rank
from kb_index.words import words_of

type Changes = Mapping[str, Article | None]  # by external id; None: it is withdrawn


class _Words(msgspec.Struct, frozen=True):
    """What a search sees of an article."""

    article: Article
    digest: int
    questions: frozenset[str]
    answer: frozenset[str]

    @classmethod
    def of(cls, article: Article) -> _Words:
        document = document_of(article)
        return cls(
            article,
            document.digest,
            frozenset(document.questions.split()),
            frozenset(document.answer.split()),
        )

    def shares(self, words: Iterable[str]) -> bool:
        return any(word in self.questions or word in self.answer for word in words)

    def holds(self, words: Collection[str]) -> float:
        """The share of these words that it holds; one of the answer alone counts half."""
        asked = sum(word in self.questions for word in words)
        told = sum(word in self.answer and word not in self.questions for word in words)
        return (asked + told / 2) / len(words)


class Overlay:
    """`kb_index.index.Searched`, over a live index."""

    def __init__(self, live: Searched, changes: Changes) -> None:
        self._live = live
        self._changed = frozenset(changes)
        self._new = {name: _Words.of(one) for name, one in changes.items() if one is not None}
        self._old = {name: _Words.of(one) for name, one in live.articles(list(changes)).items()}

    @property
    def texts(self) -> list[_Words]:
        """Of the changed articles, old and new."""
        return [*self.new, *self._old.values()]

    @property
    def new(self) -> list[_Words]:
        return list(self._new.values())

    @property
    def dropped(self) -> frozenset[int]:
        """The digests of the texts that are no longer there."""
        return frozenset(one.digest for one in self._old.values())

    def search_words(
        self, words: Sequence[str], *, hotline: str, now: datetime, limit: int
    ) -> list[Candidate]:
        return self.search_each([words], hotline=hotline, now=now, limit=limit)[0]

    def search_each(
        self, queries: Sequence[Sequence[str]], *, hotline: str, now: datetime, limit: int
    ) -> list[list[Candidate]]:
        asked = limit + len(self._old)
        found = self._live.search_each(queries, hotline=hotline, now=now, limit=asked)
        shown = [one for one in self._new.values() if one.article.may_be_shown(hotline, now)]
        return [
            self._with_new(words, each, shown, limit)
            for words, each in zip(queries, found, strict=True)
        ]

    def articles(self, external_ids: Sequence[str]) -> dict[str, Article]:
        found = self._live.articles([one for one in external_ids if one not in self._changed])
        return found | {name: self._new[name].article for name in external_ids if name in self._new}

    def frequencies(self, words: Iterable[str]) -> Frequencies:
        words = list(words)
        live = self._live.frequencies(words)
        return Frequencies(
            max(live.total + len(self._new) - len(self._old), 0),
            {word: self._held(word, live.questions, "questions") for word in words},
            {word: self._held(word, live.answers, "answer") for word in words},
        )

    def _with_new(
        self,
        words: Sequence[str],
        found: Sequence[Candidate],
        shown: Sequence[_Words],
        limit: int,
    ) -> list[Candidate]:
        best = found[0].score if found else 0.0
        new = [
            Candidate(one.article.external_id, one.digest, best)
            for one in shown
            if one.shares(words)
        ]
        return [*new, *(one for one in found if one.external_id not in self._changed)][:limit]

    def _held(self, word: str, live: Mapping[str, int], field: str) -> int:
        """Engines go on counting what was removed, until they tidy up: so does this."""
        return live.get(word, 0) + sum(word in getattr(one, field) for one in self._new.values())


class Foresight:
    """Answers as the live index would, had the articles changed. Good for one state of it."""

    def __init__(
        self,
        live: Searched,
        changes: Changes,
        matcher: Matcher,
        follower: Follower | None,
        calibration: Calibration,
    ) -> None:
        self.changed = frozenset(changes)
        self._overlay = overlay = Overlay(live, changes)
        self._matcher = matcher.over(overlay)
        self._calibration = calibration
        self._meant = _Foreseen(follower, overlay) if follower is not None else None

    def find(self, query: str, *, hotline: str, now: datetime) -> Finding:
        """What a citizen would be told. Raises `IndexUnavailable`."""
        return finding_of(self.rank(query, hotline=hotline, now=now))

    def nearness(self, query: str) -> float:
        """Of what is specific in the query, the share that a changed article holds, as it is or
        as it was; its answer counts half. What shares nothing is hardly touched by the change."""
        specific = words_of(query, self._matcher.synonyms).specific
        if not specific:
            return 0.0
        return max((one.holds(specific) for one in self._overlay.texts), default=0.0)

    def rank(self, query: str, *, hotline: str, now: datetime) -> Ranking:
        return rank(query, self._matcher, self._meant, self._calibration, hotline=hotline, now=now)


class _Foreseen:
    """`kb_index.meaning.Meant`. Nothing is encoded before a question is not decided by words."""

    def __init__(self, follower: Follower, overlay: Overlay) -> None:
        self.queries = follower.queries
        self._follower = follower
        self._overlay = overlay

    @cached_property
    def meanings(self) -> Meanings:
        rows_for = self._follower.rows_for
        new = {one.digest: (one.article, rows_for(one.article)) for one in self._overlay.new}
        return _overlaid(self._follower.meanings, self._overlay.dropped, new)


class _Rows:
    """Vectors on disk, and a few that are not."""

    def __init__(self, kept: Stored, more: Mapping[int, Rows]) -> None:
        self._kept = kept
        self._more = more

    def rows_of(self, digests: Sequence[int]) -> dict[int, Rows]:
        more = {digest: self._more[digest] for digest in digests if digest in self._more}
        return self._kept.rows_of([one for one in digests if one not in more]) | more


def _overlaid(
    meanings: Meanings, dropped: frozenset[int], new: Mapping[int, tuple[Article, Rows]]
) -> Meanings:
    if isinstance(meanings, OnDisk):
        return OnDisk(
            meanings.stamp,
            _Rows(meanings.store, {digest: rows for digest, (_, rows) in new.items()}),
        )
    kept: dict[int, Entry] = {
        digest: one for digest, one in meanings.entries.items() if digest not in dropped
    }
    kept |= {digest: entry_of(article, rows) for digest, (article, rows) in new.items()}
    return resident(meanings.stamp, kept)
