"""What articles mean, as vectors that follow the index in the background.

A thread of the process looks at the index's stamp and encodes what is new. Until it has, an
article is found by its words alone. The vectors of up to `RESIDENT` articles are held in memory,
and all are compared with a query; those of a larger index stay on disk, and only the best by words
are compared.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from itertools import batched
from pathlib import Path
from typing import Protocol

import numpy as np
import structlog
from threadpoolctl import threadpool_limits

from kb_index.article import Article
from kb_index.article_vectors import ArticleVectors, Rows
from kb_index.encoder import Encoder, QueryCache, Vector
from kb_index.index import Index, IndexUnavailable
from kb_index.nearest import NOTHING, Entry, Meanings, OnDisk, Resident, entry_of, resident
from kb_index.vectors import ENCODED, VectorStore

LOOKED_AT = 1.0  # seconds between two looks at the stamp
LARGE_LOOKED_AT = 60.0  # … of a large index, all of whose digests are read after each change
ARTICLES_AT_ONCE = 50  # articles between two steps of what searches see
SHOWN_STEP = 0.05  # … or so much of what they see already, since all of it is copied
# The vectors of more articles are not compared one by one: it takes 0.2 ms a thousand, and of
# every process that searches 1.5 kB for each article and 0.8 kB for each of its questions.
RESIDENT = 20_000

log = structlog.get_logger(__name__)


class Meant(Protocol):
    """What a search asks of meanings."""

    queries: QueryCache

    @property
    def meanings(self) -> Meanings: ...


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
        self._articles = ArticleVectors(directory, encoder.name) if directory is not None else None
        self._meanings: Meanings = NOTHING
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
        if self._articles is not None:
            self._articles.close()

    def catch_up(self, progress: Callable[[int, int], None] | None = None) -> None:
        """Encode all that the index holds now. Raises `IndexUnavailable`."""
        with self._following:
            stamp = self._index.stamp()
            if stamp == self._meanings.stamp:
                return
            entries = self._index.count()
            if self._articles is not None and entries > RESIDENT:
                self._catch_up_on_disk(self._articles, stamp, entries, progress)
            else:
                self._catch_up_in_memory(stamp, entries, progress)

    def _catch_up_in_memory(
        self, stamp: str, entries: int, progress: Callable[[int, int], None] | None
    ) -> None:
        before = self._meanings.entries if isinstance(self._meanings, Resident) else {}
        known: dict[int, Entry] = {}
        missing: dict[int, Article] = {}
        for digest, article in self._index.survey(before):
            if digest in before:
                known[digest] = before[digest]
            elif article is not None:
                missing[digest] = article
        shown = len(known)
        for batch in batched(missing.items(), ARTICLES_AT_ONCE):
            rows = self._rows_of(dict(batch))
            if rows is None:
                return
            known |= {digest: entry_of(missing[digest], each) for digest, each in rows.items()}
            if len(known) >= shown * (1 + SHOWN_STEP):
                self._meanings = resident("", known)  # no stamp yet: it is not all
                shown = len(known)
            if progress is not None:
                progress(len(known), entries)
        self._meanings = resident(stamp, known)

    def _catch_up_on_disk(
        self,
        store: ArticleVectors,
        stamp: str,
        entries: int,
        progress: Callable[[int, int], None] | None,
    ) -> None:
        """Page by page: what is not encoded yet is never held as a whole."""
        self._meanings = OnDisk("", store)
        done = 0
        known = store.digests()
        for page in batched(self._index.survey(known), ARTICLES_AT_ONCE):
            missing = {digest: article for digest, article in page if article is not None}
            rows = self._rows_of(missing, kept=False)  # by article, below
            if rows is None:
                return
            store.keep(rows)
            done += len(page)
            if progress is not None:
                progress(done, entries)
        self._meanings = OnDisk(stamp, store)

    def vectors_of(self, texts: Sequence[str]) -> Vector:
        """A row each, kept on disk where vectors are."""
        if self._store is None:
            return self._encoder.questions(texts)
        known = self._store.known(texts)
        for text in texts:
            if text not in known and not self._stop.is_set():
                known |= self._store.encode([text])
        return np.stack([known[text] for text in texts if text in known])

    def rows_for(self, article: Article) -> Rows:
        """A row a question of what may never be published: nothing of it is kept on disk."""
        texts = article.questions
        vectors = self._store.known(texts) if self._store is not None else {}
        rows = [
            vectors[text] if text in vectors else self.queries.vector_of(text)[0] for text in texts
        ]
        return np.stack(rows).astype(np.float16)

    def _rows_of(
        self, articles: Mapping[int, Article], *, kept: bool = True
    ) -> dict[int, Rows] | None:
        """A row a question of each; None when it is to stop. `kept`: text by text, too."""
        texts = list(dict.fromkeys(text for one in articles.values() for text in one.questions))
        vectors = self._store.known(texts) if self._store is not None else {}
        for batch in batched([text for text in texts if text not in vectors], ENCODED):
            if self._stop.is_set():
                return None
            vectors |= self._encoded(batch, self._store if kept else None)
        return {
            digest: np.stack([vectors[text] for text in article.questions]).astype(np.float16)
            for digest, article in articles.items()
        }

    def _encoded(self, texts: Sequence[str], store: VectorStore | None) -> dict[str, Vector]:
        if store is not None:
            return store.encode(texts)
        return dict(zip(texts, self._encoder.questions(texts), strict=True))

    def _small(self) -> bool:
        return isinstance(self._meanings, Resident)

    def _follow(self) -> None:
        while not self._stop.wait(LOOKED_AT if self._small() else LARGE_LOOKED_AT):
            try:
                self.catch_up()
                if not self._stop.is_set():
                    self._caught_up()
            except IndexUnavailable as error:  # searches say so themselves; look again later
                log.info("meanings wait for the index", error=type(error).__name__)
            except Exception:  # the edge of a thread: searches go on by words
                log.exception("meanings could not be encoded")
                self._stop.wait(60)
