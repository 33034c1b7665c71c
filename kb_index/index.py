"""What the rest of Qianmen needs of an index, and how an index fails. Imports no engine."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from kb_index.article import Article


class IndexUnavailable(Exception):
    """The index is down, broken or too slow: answer without it, try again later."""


class WriterBusy(IndexUnavailable):
    """Another process is writing this index: its work will be done by that one, or later."""


class NotAnIndex(IndexUnavailable):
    """What stands there was not written by this version: `rebuild` mends it."""


class Candidate(msgspec.Struct, frozen=True):
    """An article that shares words with the query; `digest` says which text of it."""

    external_id: str
    digest: int
    score: float  # the engine's, comparable within one search only


class Frequencies(msgspec.Struct, frozen=True):
    """In how many articles words stand. A word that is missing stands in none."""

    total: int
    questions: Mapping[str, int]
    answers: Mapping[str, int]


class Generation(Protocol):
    """A whole new index beside the live one. Nobody searches it until `go_live`."""

    def write(self, upserts: Sequence[Article], deletes: Sequence[str] = ()) -> None:
        """As `Index.write`, but visible only once live."""

    def go_live(self) -> None:
        """Searches see this generation from now on; older ones are cleared away."""

    def discard(self) -> None:
        """Remove what was built."""


class Searched(Protocol):
    """What a search asks of an index. Every method may raise `IndexUnavailable`."""

    def search_words(
        self, words: Sequence[str], *, hotline: str, now: datetime, limit: int
    ) -> list[Candidate]:
        """The best by words of those in force now, of this hotline or the city, best first.

        `EVERY_HOTLINE` searches them all. Equal scores come in the order of external ids.
        """

    def search_each(
        self, queries: Sequence[Sequence[str]], *, hotline: str, now: datetime, limit: int
    ) -> list[list[Candidate]]:
        """As `search_words`, for several at the cost of one journey."""

    def articles(self, external_ids: Sequence[str]) -> dict[str, Article]:
        """Those of these that there are, in force or not."""

    def frequencies(self, words: Iterable[str]) -> Frequencies:
        """How common these words are (about: removed articles may count for a while)."""


class Index(Searched, Protocol):
    """One index, whichever engine keeps it. Every method may raise `IndexUnavailable`."""

    def write(self, upserts: Sequence[Article], deletes: Sequence[str] = ()) -> None:
        """Store and remove. On return it is durable, and every search sees it."""

    def get(self, external_id: str) -> Article | None:
        """One article, in force or not."""

    def stamp(self) -> str:
        """Changes when the index does; equal stamps mean equal content."""

    def count(self) -> int:
        """How many articles there are, in force or not."""

    def scan(self) -> Iterator[Article]:
        """All articles, in no order, as they stood when the scan began."""

    def survey(self, known: Container[int]) -> Iterator[tuple[int, Article | None]]:
        """The digests of all articles, in no order; with its article where a digest is not known.

        It costs little where nearly all are known, and holds no more than a page of them. What is
        written meanwhile may be missing: the stamp has changed then.
        """

    def note(self, name: str) -> bytes | None:
        """What is kept beside the articles under this name, over all generations."""

    def keep_note(self, name: str, body: bytes) -> None:
        """Durable on return, and seen by every reader."""

    def generation(self) -> str:
        """The name of the live generation; empty before the first write."""

    def new_generation(self) -> Generation:
        """An empty index beside this one."""

    def close(self) -> None:
        """Let go of files and connections. A closed index cannot be used again."""
