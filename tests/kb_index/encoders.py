"""Doubles of an encoder that need no model."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np

from kb_index.encoder import Vector


class Letters:
    """Texts with the same characters are alike. Counts what it is asked."""

    name = "letters/1"

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def questions(self, texts: Sequence[str]) -> Vector:
        self.encoded += texts
        rows = np.full((len(texts), 256), 0.5, dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for char in text:
                row[crc32(char.encode()) % 256] += 1
        unit: Vector = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit


class Nameless:
    def questions(self, texts: Sequence[str]) -> Vector:
        raise NotImplementedError
