"""Vectors of articles on disk, by digest: for an index too large for memory.

One SQLite file an encoder, written in the order in which articles come. It can be removed at any
time. What is no longer in the index stays until then: another generation may hold it again.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Mapping, Sequence
from contextlib import closing
from itertools import batched
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

type Rows = NDArray[np.float16]

LOOKED_UP = 500  # digests in one statement
PAGE = 16_384  # bytes: rows of 384 numbers waste little of it
READ_BUFFER = 20_000  # in KiB, of one process

_TABLE = """
CREATE TABLE IF NOT EXISTS articles (
    id INTEGER PRIMARY KEY,
    digest INTEGER NOT NULL UNIQUE,
    questions INTEGER NOT NULL,
    vectors BLOB NOT NULL
)"""


class Digests:
    """Which articles have vectors: 8 bytes each, sorted."""

    def __init__(self, digests: NDArray[np.int64]) -> None:
        self._sorted = np.sort(digests)

    def __contains__(self, digest: object) -> bool:
        if not isinstance(digest, int) or not len(self._sorted):
            return False
        position = min(int(np.searchsorted(self._sorted, digest)), len(self._sorted) - 1)
        return int(self._sorted[position]) == digest


class ArticleVectors:
    """Processes share the file, threads share the store."""

    def __init__(self, directory: Path, encoder_name: str) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"[^A-Za-z0-9.-]", "_", encoder_name)
        self._path = directory / f"{name}.articles.sqlite3"
        self._lock = threading.Lock()
        self._reading: sqlite3.Connection | None = None

    def digests(self) -> Digests:
        """Of all that are kept."""
        with closing(self._connect()) as connection:
            found = connection.execute("SELECT digest FROM articles")
            return Digests(np.fromiter((digest for (digest,) in found), dtype=np.int64))

    def rows_of(self, digests: Sequence[int]) -> dict[int, Rows]:
        """A row a question, of those articles that have them."""
        found: dict[int, Rows] = {}
        with self._lock:
            if self._reading is None:
                self._reading = self._connect()
            for batch in batched(digests, LOOKED_UP):
                marks = ",".join("?" * len(batch))
                rows = self._reading.execute(
                    f"SELECT digest, questions, vectors FROM articles WHERE digest IN ({marks})",  # noqa: S608
                    batch,
                )
                for digest, questions, vectors in rows:
                    row = np.frombuffer(vectors, dtype=np.float16)
                    found[digest] = row.reshape(questions, -1)
        return found

    def keep(self, rows: Mapping[int, Rows]) -> None:
        lines = [
            (digest, len(each), each.astype(np.float16).tobytes()) for digest, each in rows.items()
        ]
        with closing(self._connect()) as connection, connection:
            connection.executemany(
                "INSERT OR IGNORE INTO articles (digest, questions, vectors) VALUES (?, ?, ?)",
                lines,
            )

    def close(self) -> None:
        with self._lock:
            if self._reading is not None:
                self._reading.close()
                self._reading = None

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=10, check_same_thread=False)
        connection.execute(f"PRAGMA page_size = {PAGE}")  # of a file that is yet to be made
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA cache_size = -{READ_BUFFER}")
        connection.execute(_TABLE)
        return connection
