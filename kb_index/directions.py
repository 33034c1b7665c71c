"""What tells an entry from its neighbours, in the vectors of their questions.

Two entries about nearly the same have questions that mean nearly the same, and cosines order them
badly. A linear support vector machine an entry, its own questions against those of the entries
nearest to it, learns the direction that counts between them. It costs 5 ms of a core an entry,
whatever the size of the knowledge, and is learned with the thresholds, in the background.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b

import msgspec
import numpy as np
from numpy.typing import NDArray

from kb_index.encoder import Vector

type Half = NDArray[np.float16]

NEIGHBOURS = 60  # entries on the other side; of 30, 60 and 200 it was the cheapest of the best two
HARDNESS = 10.0  # what a question on the wrong side costs (C); of 1, 3 and 10 the best
PRECISION = 0.1  # where the solver stops: ten times finer orders no better
MOST_ENTRIES = 20_000  # 15 MB of directions in each process, and two minutes of a core
CHUNK = 1_000  # entries whose neighbours are looked for at once
SAME = 1e-6  # of the spread of cosines: below it they are one


class Directions(msgspec.Struct, frozen=True, eq=False):
    """One a row of `normals`, for the entries that there were when it was learned."""

    key: str  # changes with the content
    rows: Mapping[str, int]  # by external id
    middle: Vector
    normals: Half
    offsets: Vector
    slope: float  # of an entry that came later: its side as its centre's cosine lets expect
    level: float

    def __bool__(self) -> bool:
        return bool(self.rows)

    def sides(self, query: Vector, ids: Sequence[str], centres: Sequence[float]) -> list[float]:
        """On which side of each entry's plane the query lies, and how far: above 0 is its own.

        `centres`: the cosines of the query to the centres of these entries.
        """
        if not self.rows:
            return [0.0] * len(ids)
        sides = [self.level + self.slope * centre for centre in centres]
        places = [place for place, external_id in enumerate(ids) if external_id in self.rows]
        rows = [self.rows[ids[place]] for place in places]
        told = self.normals[rows].astype(np.float32) @ _moved(query[None], self.middle)[0]
        for place, side in zip(places, told + self.offsets[rows], strict=True):
            sides[place] = float(side)
        return sides


class _Kept(msgspec.Struct, frozen=True):
    """Directions as bytes: float16 for normals, float32 for the rest."""

    key: str
    ids: list[str]
    middle: bytes
    normals: bytes
    offsets: bytes
    slope: float
    level: float


_EMPTY = np.zeros((0, 0), dtype=np.float32)
NO_DIRECTIONS = Directions("", {}, _EMPTY, _EMPTY.astype(np.float16), _EMPTY, 0.0, 0.0)


def learn_directions(entries: Sequence[tuple[str, Vector]]) -> Directions:
    """`entries`: external ids with the vectors of their questions, a row each."""
    if not 2 <= len(entries) <= MOST_ENTRIES:
        return NO_DIRECTIONS
    from sklearn.svm import LinearSVC  # half a second that processes which only search never pay

    entries = sorted(entries, key=lambda entry: entry[0])
    rows = [questions.astype(np.float32) for _, questions in entries]
    middle: Vector = np.concatenate(rows).mean(axis=0)
    moved = [_moved(questions, middle) for questions in rows]
    normals = np.zeros((len(entries), len(middle)), dtype=np.float16)
    offsets = np.zeros(len(entries), dtype=np.float32)
    for place, near in enumerate(_neighbours(moved)):
        own, others = moved[place], np.concatenate([moved[other] for other in near])
        learned = LinearSVC(C=HARDNESS, dual=False, tol=PRECISION)
        learned.fit(np.concatenate([own, others]), [1] * len(own) + [0] * len(others))
        normals[place], offsets[place] = learned.coef_[0], learned.intercept_[0]
    slope, level = _expected(rows, moved, normals, offsets)
    ids = [external_id for external_id, _ in entries]
    key = blake2b(normals.tobytes() + "\0".join(ids).encode(), digest_size=8).hexdigest()
    places = {external_id: place for place, external_id in enumerate(ids)}
    return Directions(key, places, middle, normals, offsets, slope, level)


def encode_directions(directions: Directions) -> bytes:
    kept = _Kept(
        directions.key,
        list(directions.rows),
        directions.middle.astype(np.float32).tobytes(),
        directions.normals.astype(np.float16).tobytes(),
        directions.offsets.astype(np.float32).tobytes(),
        directions.slope,
        directions.level,
    )
    return msgspec.json.encode(kept)


def decode_directions(body: bytes) -> Directions:
    """Raises `msgspec.DecodeError`, and `ValueError` of bytes that do not fit together."""
    kept = msgspec.json.decode(body, type=_Kept)
    normals = np.frombuffer(kept.normals, dtype=np.float16).reshape(len(kept.ids), -1)
    return Directions(
        kept.key,
        {external_id: place for place, external_id in enumerate(kept.ids)},
        np.frombuffer(kept.middle, dtype=np.float32),
        normals,
        np.frombuffer(kept.offsets, dtype=np.float32),
        kept.slope,
        kept.level,
    )


def _neighbours(moved: Sequence[Vector]) -> Iterator[list[int]]:
    """Of each entry in turn: those whose centres are nearest to its own."""
    centres = np.stack([questions.mean(axis=0) for questions in moved])
    centres /= np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-6)
    many = min(NEIGHBOURS + 1, len(moved))  # itself among them
    for start in range(0, len(moved), CHUNK):
        cosines = centres[start : start + CHUNK] @ centres.T
        nearest = np.argpartition(-cosines, many - 1, axis=1)[:, :many]
        for place, near in enumerate(nearest, start=start):
            yield [int(other) for other in np.sort(near) if other != place]


def _expected(
    rows: Sequence[Vector], moved: Sequence[Vector], normals: Half, offsets: Vector
) -> tuple[float, float]:
    """Slope and level of an entry's side by its centre's cosine, over its neighbours' questions
    and its own: what to expect of an entry that has no direction yet."""
    centres = np.stack([questions.mean(axis=0) for questions in rows])
    centres /= np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-6)
    cosines, sides = [], []
    for place, near in enumerate(_neighbours(moved)):
        for other in (place, *near[:5]):
            cosines.append(rows[other] @ centres[place])
            sides.append(moved[other] @ normals[place].astype(np.float32) + offsets[place])
    return _line(np.concatenate(cosines), np.concatenate(sides))


def _line(x: Vector, y: Vector) -> tuple[float, float]:
    """Slope and level by least squares; level alone where all x are one."""
    mean_x, mean_y = float(x.mean(dtype=np.float64)), float(y.mean(dtype=np.float64))
    spread = float(np.square(x - mean_x, dtype=np.float64).mean())
    if spread < SAME:
        return 0.0, mean_y
    slope = float(((x - mean_x) * (y - mean_y)).mean(dtype=np.float64)) / spread
    return slope, mean_y - slope * mean_x


def _moved(vectors: Vector, middle: Vector) -> Vector:
    """Seen from the middle of all, length one again."""
    seen = vectors.astype(np.float32) - middle
    moved: Vector = seen / np.maximum(np.linalg.norm(seen, axis=1, keepdims=True), 1e-6)
    return moved
