"""What scoring needs of articles, made when they are first candidates and kept while there is room.

Among many entries nearly every question brings candidates that were not seen before, so making a
profile is most of what a search costs there.
"""

from __future__ import annotations

import gc
import threading
from collections import Counter
from itertools import islice
from sys import intern

from msgspec.structs import replace

from kb_index.article import Article
from kb_index.document import ANSWER_LENGTH, digest_of_article
from kb_index.passages import passages_of
from kb_index.relevance import Profile, profile_of
from kb_index.synonyms import NO_MORE, Synonyms
from kb_index.tokens import tokens_of

TOKENS_KEPT = (
    6_000_000  # different ones of each profile, summed: some 80 bytes each; 20,000 articles
)


class Profiles:
    """By digest. Threads share them."""

    def __init__(self, synonyms: Synonyms = NO_MORE, room: int = TOKENS_KEPT) -> None:
        self._synonyms = synonyms
        self._room = room
        self._lock = threading.Lock()
        self._profiles: dict[int, Profile] = {}
        self._tokens = 0

    @property
    def has_room(self) -> bool:
        return self._tokens < self._room

    def get(self, digest: int) -> Profile | None:
        return self._profiles.get(digest)

    def of(self, article: Article) -> Profile:
        """The one of this text, made when it is not there."""
        digest = digest_of_article(article)
        kept = self._profiles.get(digest)
        if kept is not None:
            return kept
        profile = made_profile(article, self._synonyms)
        with self._lock:
            if digest not in self._profiles:
                self._profiles[digest] = profile
                self._tokens += _size(profile)
                if self._tokens > self._room:
                    self._let_go()
        return profile

    def __contains__(self, digest: object) -> bool:
        return digest in self._profiles

    def settle(self) -> None:
        """What is kept lives as long as the process. Looked through each time, it let the
        collector of cycles hold a search up for as much as 190 ms at 10,000 articles."""
        gc.collect()
        gc.freeze()

    def _let_go(self) -> None:
        """Of the older half: making room one by one would cost every search a little."""
        older = list(islice(self._profiles, len(self._profiles) // 2))
        for digest in older:
            self._tokens -= _size(self._profiles.pop(digest))


def made_profile(article: Article, more: Synonyms = NO_MORE) -> Profile:
    """The same as `profile_of`, cheaper and with tokens that profiles share: the answer,
    which is most of an article, is not asked what in it is generic."""
    searched = article.answer[:ANSWER_LENGTH]
    answer = Counter(map(intern, tokens_of(searched, more)))
    return replace(
        profile_of(replace(article, answer=""), more),
        article=article,
        digest=digest_of_article(article),
        answer=dict(answer),
        answer_length=answer.total(),
        passages=passages_of(searched, more),
    )


def _size(profile: Profile) -> int:
    return len(profile.answer) + len(profile.merged) + len(profile.postings)
