"""Vectors of articles' questions on disk, so that no text is encoded twice on a machine.

One SQLite file an encoder, keyed by the hash of the text. It can be removed at any time.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from hashlib import blake2b
from itertools import batched
from pathlib import Path

import numpy as np

from kb_index.encoder import Encoder, Vector

LOOKED_UP = 500  # keys in one statement; SQLite's limit is 32,766
ENCODED = 16  # texts between two writes: what a crash can lose is half a second of work


class VectorStore:
    """The vectors of one encoder. Processes share the file, threads share the store."""

    def __init__(self, directory: Path, encoder: Encoder) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._encoder = encoder
        self._lock = threading.Lock()
        self._path = directory / f"{re.sub(r'[^A-Za-z0-9.-]', '_', encoder.name)}.sqlite3"
        with closing(self._connect()) as connection, connection:
            connection.execute(
                "CREATE TABLE IF NOT EXISTS vectors (text BLOB PRIMARY KEY, vector BLOB NOT NULL)"
                " WITHOUT ROWID"
            )

    def known(self, texts: Iterable[str]) -> dict[str, Vector]:
        """The vectors of those texts that have been encoded."""
        keys = {_key(text): text for text in texts}
        found: dict[str, Vector] = {}
        with closing(self._connect()) as connection:
            for batch in batched(keys, LOOKED_UP):
                marks = ",".join("?" * len(batch))
                rows = connection.execute(
                    f"SELECT text, vector FROM vectors WHERE text IN ({marks})",  # noqa: S608
                    batch,
                )
                for key, vector in rows:
                    found[keys[key]] = np.frombuffer(vector, dtype=np.float16).astype(np.float32)
        return found

    def encode(self, texts: Sequence[str]) -> dict[str, Vector]:
        """Encode and keep these."""
        vectors: dict[str, Vector] = {}
        for batch in batched(texts, ENCODED):
            fresh = dict(zip(batch, self._encoder.questions(batch), strict=True))
            self._keep(fresh)
            vectors |= fresh
        return vectors

    def _keep(self, vectors: Mapping[str, Vector]) -> None:
        rows = [
            (_key(text), vector.astype(np.float16).tobytes()) for text, vector in vectors.items()
        ]
        with self._lock, closing(self._connect()) as connection, connection:
            connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=10)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        return connection


def _key(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=16).digest()
