"""The embedded engine: tantivy, in files of this machine.

`index/gen-…` is a generation each, `index/current` names the live one. Processes read side by side
and look at the pointer and at new commits on each search; one at a time writes, under a lock.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import filelock
import tantivy

from kb_index.article import Article
from kb_index.embedded_documents import (
    BUILDER_MEMORY,
    add_documents,
    create_generation,
    digests_after,
    frequencies_in,
    open_generation,
    query_of,
    schema,
    stored_article,
    write_documents,
)
from kb_index.embedded_files import being_built, replace_durably
from kb_index.index import Candidate, Frequencies, IndexUnavailable, WriterBusy
from kb_index.telling import telling_words

WRITER_WAIT = 10.0  # seconds for another process to finish its batch
SURVEY_PAGE = 2_000
NAMES_KEPT = 50_000
COMMITTED_AT_ONCE = 100_000  # articles of a generation that is being built


class EmbeddedIndex:
    """`kb_index.index.Index` over one directory. Threads may share it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._pointer = directory / "current"
        self._lock = threading.Lock()
        self._opened: tuple[str, tantivy.Index] | None = None
        self._seen = ""  # the stamp of what is open
        self._names: dict[int, str] = {}

    def write(self, upserts: Sequence[Article], deletes: Sequence[str] = ()) -> None:
        with _reported(), self._writer_lock():
            name = self._live_name()
            if name is None:
                name = self._create_generation()
                self._point_at(name)
            write_documents(open_generation(self.directory / name), upserts, deletes)

    def search_words(
        self, words: Sequence[str], *, hotline: str, now: datetime, limit: int
    ) -> list[Candidate]:
        with _reported():
            searcher = self._searcher()
            if searcher is None or not words:
                return []
            telling = telling_words(words, frequencies_in(searcher, words))
            found = searcher.search(query_of(telling, hotline, now), limit=limit, count=False)
            candidates = self._named(searcher, found.hits)
        return sorted(candidates, key=lambda one: (-one.score, one.external_id))

    def search_each(
        self, queries: Sequence[Sequence[str]], *, hotline: str, now: datetime, limit: int
    ) -> list[list[Candidate]]:
        return [self.search_words(one, hotline=hotline, now=now, limit=limit) for one in queries]

    def articles(self, external_ids: Sequence[str]) -> dict[str, Article]:
        if not external_ids:
            return {}
        with _reported():
            searcher = self._searcher()
            if searcher is None:
                return {}
            wanted = tantivy.Query.term_set_query(schema, "id", list(external_ids))
            found = searcher.search(wanted, limit=len(external_ids), count=False)
            articles = [stored_article(searcher.doc(address)) for _, address in found.hits]
        return {article.external_id: article for article in articles}

    def get(self, external_id: str) -> Article | None:
        return self.articles([external_id]).get(external_id)

    def frequencies(self, words: Iterable[str]) -> Frequencies:
        with _reported():
            searcher = self._searcher()
            if searcher is None:
                return Frequencies(0, {}, {})
            return frequencies_in(searcher, list(words))

    def stamp(self) -> str:
        with _reported():
            name = self._live_name()
            return self._stamp_of(name) if name is not None else ""

    def count(self) -> int:
        with _reported():
            searcher = self._searcher()
            return searcher.num_docs if searcher else 0

    def scan(self) -> Iterator[Article]:
        return (article for _, article in self.survey(frozenset()) if article is not None)

    def survey(self, known: Container[int]) -> Iterator[tuple[int, Article | None]]:
        """In the order of the digests: a page begins where the last one ended."""
        with _reported():
            searcher = self._searcher()
        last = -1
        while searcher is not None:
            with _reported():
                page = digests_after(searcher, last, SURVEY_PAGE)
                surveyed = [
                    (digest, None if digest in known else stored_article(searcher.doc(address)))
                    for digest, address in page
                ]
            yield from surveyed
            if len(page) < SURVEY_PAGE:
                return
            last = page[-1][0]

    def note(self, name: str) -> bytes | None:
        with _reported():
            try:
                return (self.directory / "notes" / name).read_bytes()
            except FileNotFoundError:
                return None

    def keep_note(self, name: str, body: bytes) -> None:
        with _reported():
            folder = self.directory / "notes"
            folder.mkdir(parents=True, exist_ok=True)
            replace_durably(folder / name, body)

    def generation(self) -> str:
        with _reported():
            return self._live_name() or ""

    def new_generation(self) -> EmbeddedGeneration:
        with _reported():
            return EmbeddedGeneration(self, self._create_generation())

    def close(self) -> None:
        with self._lock:
            self._opened = None

    def make_live(self, name: str) -> None:
        """Point readers at this generation and clear away the oldest ones."""
        with _reported(), self._writer_lock():
            before = self._live_name()
            self._point_at(name)
            self._clear_away(keep={name, before})

    def _named(
        self, searcher: tantivy.Searcher, hits: list[tuple[Any, tantivy.DocAddress]]
    ) -> list[Candidate]:
        """Stored documents are compressed: they are opened for a digest not met before only."""
        digests = searcher.fast_field_values("digest", [address for _, address in hits])
        if len(self._names) > NAMES_KEPT:
            self._names = {}
        candidates = []
        for (score, address), digest in zip(hits, digests, strict=True):
            key = int(digest or 0)
            name = self._names.get(key)
            if name is None:
                name = self._names[key] = str(searcher.doc(address).get_first("id"))
            candidates.append(Candidate(name, key, float(score)))
        return candidates

    def _searcher(self) -> tantivy.Searcher | None:
        """What is committed now; None before the first write."""
        with self._lock:
            for _ in range(2):
                name = self._live_name()
                if name is None:
                    return None
                try:
                    if self._opened is None or self._opened[0] != name:
                        self._opened, self._seen = (
                            (name, open_generation(self.directory / name)),
                            "",
                        )
                    stamp = self._stamp_of(name)
                    if stamp != self._seen:
                        self._opened[1].reload()
                        self._seen = stamp
                    return self._opened[1].searcher()
                except (ValueError, OSError) as error:
                    failure = error
                    self._opened = None  # cleared away between two looks: look again
            raise IndexUnavailable(f"cannot read {self.directory}") from failure

    def _stamp_of(self, name: str) -> str:
        """Each commit puts another file in the place of this one."""
        state = (self.directory / name / "meta.json").stat()
        return f"{name}:{state.st_mtime_ns}:{state.st_ino}"

    def _live_name(self) -> str | None:
        try:
            return self._pointer.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return None

    def _create_generation(self) -> str:
        name = f"gen-{uuid4().hex[:12]}"
        create_generation(self.directory / name)
        return name

    def _point_at(self, name: str) -> None:
        replace_durably(self._pointer, name.encode("ascii"))

    def _clear_away(self, keep: set[str | None]) -> None:
        """Readers that still map a removed file keep it until they let go."""
        others = [path for path in self.directory.glob("gen-*") if path.name not in keep]
        for path in others:
            if not being_built(path):
                shutil.rmtree(path, ignore_errors=True)

    @contextmanager
    def _writer_lock(self) -> Iterator[None]:
        self.directory.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(self.directory / "writer.lock", timeout=WRITER_WAIT)
        try:
            lock.acquire()
        except filelock.Timeout as error:
            raise WriterBusy(f"{self.directory} is being written") from error
        try:
            yield
        finally:
            lock.release()


class EmbeddedGeneration:
    """A directory that nobody points at yet. One writer fills it and commits seldom: a commit for
    each batch would merge what is there again and again, and without any the writer remembers
    what every article is to replace."""

    def __init__(self, index: EmbeddedIndex, name: str) -> None:
        self._index = index
        self._name = name
        self._directory = index.directory / name
        (self._directory / "building").touch()
        opened = open_generation(self._directory)
        self._waiting = 0  # articles that are not committed
        self._writer: tantivy.IndexWriter | None = opened.writer(BUILDER_MEMORY, num_threads=1)

    def write(self, upserts: Sequence[Article], deletes: Sequence[str] = ()) -> None:
        with _reported():
            if self._writer is None:
                raise IndexUnavailable(f"{self._name} is built")
            add_documents(self._writer, upserts, deletes)
            self._waiting += len(upserts)
            if self._waiting >= COMMITTED_AT_ONCE:
                self._writer.commit()
                self._waiting = 0

    def go_live(self) -> None:
        with _reported():
            if self._writer is not None:
                self._writer.commit()
                self._close_writer()
            (self._directory / "building").unlink(missing_ok=True)
        self._index.make_live(self._name)

    def discard(self) -> None:
        with suppress(ValueError):  # a writer that has failed has closed itself
            self._close_writer()
        shutil.rmtree(self._directory, ignore_errors=True)

    def _close_writer(self) -> None:
        if self._writer is not None:
            writer, self._writer = self._writer, None
            writer.wait_merging_threads()


@contextmanager
def _reported() -> Iterator[None]:
    """What tantivy and the file system raise, as what callers know."""
    try:
        yield
    except (ValueError, OSError, RuntimeError) as error:
        raise IndexUnavailable(str(error)) from error
