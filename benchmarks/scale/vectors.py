"""Vectors of made-up entries without a call of the encoder for each.

What an entry says is really encoded once, and so is each place. An entry's vector is that of its
text, moved by what its place differs from the other places, and by a little noise of its own. How
far a place moves a vector is measured on entries that are really encoded.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from zlib import crc32

import click
import numpy as np

from benchmarks.scale.entries import World, texts_of
from kb_index.encoder import Encoder, Vector
from kb_index.vectors import VectorStore

NOISE = 0.03  # length of what is an entry's own, against 1 of a vector
TRIED = 60  # entries that are really encoded to learn how far a place moves a vector


class StandIn:
    """An encoder that makes the vectors of entries, and asks the real one for questions."""

    def __init__(self, encoder: Encoder, world: World, folder: Path) -> None:
        self.name = f"{encoder.name}-stand-in"
        self._encoder = encoder
        store = VectorStore(folder, encoder)
        texts = texts_of(world.subjects)
        places = [place.name for place in world.places]
        self._rows = _encoded(store, texts)
        self._text = {text: number for number, text in enumerate(texts)}
        moves = _encoded(store, places)
        self._moves = moves - moves.mean(axis=0)
        self._place = {name: number for number, name in enumerate(places)}
        self._made = re.compile(f"({'|'.join(places)})(?:的，)?(.+)", re.DOTALL)
        self._reach = 0.0
        self._reach = self._learned_reach(world, store)

    def questions(self, texts: Sequence[str]) -> Vector:
        return np.stack([self._one(text) for text in texts])

    def _one(self, text: str) -> Vector:
        made = self._made.fullmatch(text)
        if made is None or made[2] not in self._text:
            row: Vector = self._encoder.questions([text])[0]
            return row
        base, move = self._rows[self._text[made[2]]], self._moves[self._place[made[1]]]
        noise = np.random.default_rng(crc32(text.encode())).standard_normal(len(base))
        own = noise * (NOISE / np.sqrt(len(base)))
        return _unit(base + self._reach * move + own)

    def _learned_reach(self, world: World, store: VectorStore) -> float:
        """The one with which made vectors are most alike to the real ones."""
        made = [world.article(number).question for number in range(TRIED)]
        real = _encoded(store, made)
        best, highest = 0.0, -1.0
        for reach in np.arange(0.0, 2.01, 0.1):
            self._reach = float(reach)
            alike = float((self.questions(made) * real).sum(axis=1).mean())
            if alike > highest:
                best, highest = self._reach, alike
        return best


def _encoded(store: VectorStore, texts: Sequence[str]) -> Vector:
    known = store.known(texts)
    missing = [text for text in dict.fromkeys(texts) if text not in known]
    if missing:
        click.echo(f"[scale] {len(missing)} texts become vectors", err=True)
        known |= store.encode(missing)
    return np.stack([known[text] for text in texts])


def _unit(row: Vector) -> Vector:
    unit: Vector = (row / np.linalg.norm(row)).astype(np.float32)
    return unit
