"""What articles mean, as vectors in memory that follow the index in the background.

A thread of the process looks at the index's stamp and encodes what is new, one text at a time.
Until it has, an article is found by its words alone.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import batched
from pathlib import Path

import msgspec
import numpy as np
import structlog
from threadpoolctl import threadpool_limits

from kb_index.article import Article
from kb_index.document import digest_of_article
from kb_index.encoder import Encoder, QueryCache, Vector
from kb_index.index import Index, IndexUnavailable
from kb_index.vectors import VectorStore

LOOKED_AT = 1.0  # seconds between two looks at the stamp
ARTICLES_AT_ONCE = 50  # articles between two steps of what searches see

log = structlog.get_logger(__name__)


class Known(msgspec.Struct, frozen=True):
    """One text of an article: a row for each question, and their mean."""

    article: Article  # without its answer: it decides only whether it may be shown
    rows: Vector
    centre: Vector


class Meanings(msgspec.Struct, frozen=True):
    """All that is encoded, as of one stamp. Replaced as a whole, never changed."""

    stamp: str
    known: Mapping[int, Known]  # by digest
    digests: tuple[int, ...]
    centres: Vector  # a row each of `digests`


NOTHING = Meanings("", {}, (), np.zeros((0, 0), dtype=np.float32))


class Follower:
    """Keeps the meanings of an index up to date."""

    def __init__(
        self,
        index: Index,
        encoder: Encoder,
        directory: Path | None,
        caught_up: Callable[[], None] = lambda: None,
    ) -> None:
        """The thread calls `caught_up` whenever it holds all that the index does."""
        self.encoder_name = encoder.name
        self._caught_up = caught_up
        # A second thread of BLAS would save 0.2 ms a search and spin for 20 ms after it.
        threadpool_limits(limits=1, user_api="blas")
        self.queries = QueryCache(encoder)
        self._index = index
        self._encoder = encoder
        self._store = VectorStore(directory, encoder) if directory is not None else None
        self._meanings = NOTHING
        self._following = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def meanings(self) -> Meanings:
        return self._meanings

    def start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._follow, name="kb-meanings", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def catch_up(self, progress: Callable[[int, int], None] | None = None) -> None:
        """Encode all that the index holds now. Raises `IndexUnavailable`."""
        with self._following:
            stamp = self._index.stamp()
            if stamp == self._meanings.stamp:
                return
            before = self._meanings.known
            articles = {digest_of_article(article): article for article in self._index.scan()}
            known = {digest: before[digest] for digest in articles if digest in before}
            missing = [digest for digest in articles if digest not in known]
            for batch in batched(missing, ARTICLES_AT_ONCE):
                if self._stop.is_set():
                    return
                known |= self._encoded({digest: articles[digest] for digest in batch})
                self._meanings = _meanings("", known)  # no stamp yet: it is not all
                if progress is not None:
                    progress(len(known), len(articles))
            self._meanings = _meanings(stamp, known)

    def vectors_of(self, texts: Sequence[str]) -> Vector:
        """A row each, kept on disk where vectors are."""
        if self._store is None:
            return self._encoder.questions(texts)
        known = self._store.known(texts)
        for text in texts:
            if text not in known and not self._stop.is_set():
                known |= self._store.encode([text])
        return np.stack([known[text] for text in texts if text in known])

    def _encoded(self, articles: Mapping[int, Article]) -> dict[int, Known]:
        texts = list(dict.fromkeys(text for one in articles.values() for text in one.questions))
        vectors = self._store.known(texts) if self._store is not None else {}
        for text in texts:
            if self._stop.is_set():
                return {}
            if text not in vectors:
                vectors |= self._encode_and_keep(text)
        return {
            digest: known_as(article, np.stack([vectors[text] for text in article.questions]))
            for digest, article in articles.items()
        }

    def _encode_and_keep(self, text: str) -> dict[str, Vector]:
        if self._store is not None:
            return self._store.encode([text])
        return {text: self._encoder.questions([text])[0]}

    def _follow(self) -> None:
        while not self._stop.wait(LOOKED_AT):
            try:
                self.catch_up()
                if not self._stop.is_set():
                    self._caught_up()
            except IndexUnavailable as error:  # searches say so themselves; look again later
                log.info("meanings wait for the index", error=type(error).__name__)
            except Exception:  # the edge of a thread: searches go on by words
                log.exception("meanings could not be encoded")
                self._stop.wait(60)


def nearest_articles(
    meanings: Meanings, query: Vector, *, hotline: str, now: datetime, limit: int
) -> list[str]:
    """External ids of the articles whose questions mean most nearly the same, best first."""
    if not meanings.digests:
        return []
    cosines = meanings.centres @ query
    # Twice as many as wanted, before all of them: sorting everything takes longer than comparing.
    for several in (min(2 * limit, len(cosines)), len(cosines)):
        found: list[str] = []
        for position in _best(cosines, several):
            article = meanings.known[meanings.digests[position]].article
            if article.may_be_shown(hotline, now):
                found.append(article.external_id)
                if len(found) == limit:
                    return found
    return found


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


def _best(cosines: Vector, limit: int) -> Iterator[int]:
    """Positions of the highest, best first; equal ones in their order."""
    if limit < len(cosines):
        chosen = np.sort(np.argpartition(-cosines, limit - 1)[:limit])
    else:
        chosen = np.arange(len(cosines))
    yield from (int(each) for each in chosen[np.argsort(-cosines[chosen], kind="stable")])


def known_as(article: Article, rows: Vector) -> Known:
    """`rows`: the vectors of its questions."""
    return Known(
        article=msgspec.structs.replace(article, answer=""),
        rows=rows.astype(np.float16),
        centre=centre_of(rows),
    )


def centre_of(rows: Vector) -> Vector:
    mean = rows.mean(axis=0)
    centre: Vector = (mean / (np.linalg.norm(mean) or 1.0)).astype(np.float32)
    return centre


def _meanings(stamp: str, known: Mapping[int, Known]) -> Meanings:
    digests = tuple(sorted(known))
    centres = np.stack([known[digest].centre for digest in digests]) if digests else NOTHING.centres
    return Meanings(stamp, dict(known), digests, centres)
