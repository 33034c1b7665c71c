"""Which articles mean nearly what is asked, by their vectors: of an index in memory, or on disk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec
import numpy as np

from kb_index.article import Article
from kb_index.article_vectors import Rows
from kb_index.encoder import Vector
from kb_index.index import Candidate


class Known(msgspec.Struct, frozen=True):
    """One text of an article: a row for each question, and their mean."""

    rows: Rows
    centre: Vector


class Entry(msgspec.Struct, frozen=True):
    """An encoded article of an index in memory."""

    article: Article  # without its answer: it decides only whether it may be shown
    known: Known


class Resident(msgspec.Struct, frozen=True):
    """All that is encoded, as of one stamp. Replaced as a whole, never changed."""

    stamp: str
    entries: Mapping[int, Entry]  # by digest
    articles: tuple[Article, ...]
    centres: Vector  # a row each of `articles`

    def known_of(self, digests: Sequence[int]) -> list[Known | None]:
        entries = (self.entries.get(digest) for digest in digests)
        return [entry.known if entry is not None else None for entry in entries]


class Stored(Protocol):
    """Vectors by digest, wherever they are."""

    def rows_of(self, digests: Sequence[int]) -> dict[int, Rows]:
        """A row a question, of those articles that have them."""


class OnDisk(msgspec.Struct, frozen=True):
    """What is encoded of a large index, as of one stamp or later."""

    stamp: str
    store: Stored

    def known_of(self, digests: Sequence[int]) -> list[Known | None]:
        rows = self.store.rows_of(digests)
        return [known_as(rows[digest]) if digest in rows else None for digest in digests]


type Meanings = Resident | OnDisk

NOTHING = Resident("", {}, (), np.zeros((0, 0), dtype=np.float32))


def resident(stamp: str, entries: Mapping[int, Entry]) -> Resident:
    """By digest. The centres are kept once: in the matrix that is compared with a query."""
    digests = sorted(entries)
    if not digests:
        return Resident(stamp, {}, (), NOTHING.centres)
    centres = np.stack([entries[digest].known.centre for digest in digests])
    kept = {
        digest: Entry(entries[digest].article, Known(entries[digest].known.rows, centre))
        for digest, centre in zip(digests, centres, strict=True)
    }
    return Resident(stamp, kept, tuple(one.article for one in kept.values()), centres)


def entry_of(article: Article, rows: Rows) -> Entry:
    return Entry(msgspec.structs.replace(article, answer=""), known_as(rows))


def nearest_articles(
    meanings: Resident, query: Vector, *, hotline: str, now: datetime, limit: int
) -> list[str]:
    """External ids of the articles whose questions mean most nearly the same, best first."""
    if not meanings.articles:
        return []
    cosines = meanings.centres @ query
    # Twice as many as wanted, before all of them: sorting everything takes longer than comparing.
    for several in (min(2 * limit, len(cosines)), len(cosines)):
        found: list[str] = []
        for position in _best(cosines, several):
            article = meanings.articles[position]
            if article.may_be_shown(hotline, now):
                found.append(article.external_id)
                if len(found) == limit:
                    return found
    return found


def nearest_candidates(
    meanings: OnDisk, query: Vector, candidates: Sequence[Candidate], *, limit: int
) -> list[str]:
    """Of these candidates by words, those whose questions mean most nearly the same."""
    rows = meanings.store.rows_of([one.digest for one in candidates])
    present = [one for one in candidates if one.digest in rows]
    if not present:
        return []
    cosines = np.stack([centre_of(rows[one.digest]) for one in present]) @ query
    return [present[position].external_id for position in _best(cosines, limit)]


def cosines_of(
    query: Vector, articles: Sequence[Known | None], *, missing: tuple[float, float]
) -> list[tuple[float, float]]:
    """Of each article: to its nearest question, and to the centre of its questions."""
    present = [position for position, known in enumerate(articles) if known is not None]
    cosines = [missing] * len(articles)
    if not present:
        return cosines
    known = [one for one in articles if one is not None]
    rows = np.concatenate([one.rows for one in known]).astype(np.float32) @ query
    starts = np.cumsum([0, *(len(one.rows) for one in known[:-1])])
    nearest = np.maximum.reduceat(rows, starts)
    centres = np.stack([one.centre for one in known]) @ query
    for position, near, centre in zip(present, nearest, centres, strict=True):
        cosines[position] = float(near), float(centre)
    return cosines


def known_as(rows: Vector | Rows) -> Known:
    """`rows`: the vectors of its questions."""
    return Known(rows.astype(np.float16, copy=False), centre_of(rows))


def centre_of(rows: Vector | Rows) -> Vector:
    mean = rows.mean(axis=0, dtype=np.float32)
    centre: Vector = mean / (np.linalg.norm(mean) or np.float32(1.0))
    return centre


def _best(cosines: Vector, limit: int) -> Iterator[int]:
    """Positions of the highest, best first; equal ones in their order."""
    if limit < len(cosines):
        chosen = np.sort(np.argpartition(-cosines, limit - 1)[:limit])
    else:
        chosen = np.arange(len(cosines))
    yield from (int(each) for each in chosen[np.argsort(-cosines[chosen], kind="stable")])
