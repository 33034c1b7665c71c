"""The learned half of `emergency`: how sure it is that a danger is happening, and which number.

The file holds plain arrays and ships with the project; it is made by `intake.danger_training`.
Weights are in eight bits.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from intake.danger_cues import cues

PATH = Path(__file__).with_name("danger_model.npz")
NUMBER_OF = {
    "crash": "122",
    "fire": "119",
    "gas": "119",
    "trapped": "119",
    "violence": "110",
    "suicide": "110",
    "missing": "110",
    "medical": "120",
}
DANGER = "danger"  # the column that says whether there is one; the others say which
_FORMAT = 1

type Weights = NDArray[np.int8]
type Floats = NDArray[np.float32]


class NotADangerModel(ValueError):
    """The shipped file does not belong to this version; train again."""


@dataclass(frozen=True, kw_only=True)
class Suspicion:
    """What the model makes of a text."""

    danger: float  # 0 to 1
    number: str
    why: str


@dataclass(frozen=True, kw_only=True)
class DangerModel:
    columns: tuple[str, ...]  # `DANGER`, then the keys of `NUMBER_OF`
    rows: dict[str, int]
    kinds: NDArray[np.intp]  # of the cues, see `shares_of`
    weights: Weights  # cues x columns
    scale: Floats  # one a column
    bias: Floats
    fires: float  # from here on, a text that no rule knows is a danger
    calms: float  # below, what a rule took for a danger is none

    def read(self, text: str) -> Suspicion:
        margins = self.margins(cues(text))
        shares = np.exp(margins[1:] - margins[1:].max())
        by_number: dict[str, float] = {}
        for why, share in zip(self.columns[1:], shares, strict=True):
            by_number[NUMBER_OF[why]] = by_number.get(NUMBER_OF[why], 0.0) + float(share)
        number = max(by_number, key=lambda key: by_number[key])
        ranked = sorted(zip(shares, self.columns[1:], strict=True), reverse=True)
        why = next(why for _, why in ranked if NUMBER_OF[why] == number)
        danger = 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, float(margins[0])))))
        return Suspicion(danger=danger, number=number, why=why)

    def margins(self, seen: Sequence[str]) -> Floats:
        known = [row for row in map(self.rows.get, seen) if row is not None]
        if not known:
            return self.bias
        shares = _even(self.kinds[known])
        total: Floats = (shares @ self.weights[known].astype(np.float32)) * self.scale + self.bias
        return total

    @classmethod
    def load(cls, path: Path = PATH) -> DangerModel:
        """Raises `NotADangerModel`, or `FileNotFoundError` when there is none."""
        with np.load(path, allow_pickle=False) as packed:
            about = json.loads(packed["about"].tobytes())
            if about["format"] != _FORMAT:
                raise NotADangerModel(f"{path.name} is of another version; train again")
            names = packed["cues"].tobytes().decode().split("\n")
            return cls(
                columns=tuple(about["columns"]),
                rows={name: row for row, name in enumerate(names)},
                kinds=np.asarray([_kind(name) for name in names], dtype=np.intp),
                weights=packed["weights"],
                scale=packed["scale"],
                bias=packed["bias"],
                fires=about["fires"],
                calms=about["calms"],
            )


def shares_of(seen: Sequence[str]) -> Floats:
    """How much each cue counts: ideas, pairs and runs have the same weight, however many."""
    return _even(np.asarray([_kind(cue) for cue in seen], dtype=np.intp))


def _even(kinds: NDArray[np.intp]) -> Floats:
    counts = np.maximum(np.bincount(kinds, minlength=3), 1)
    shares: Floats = (1.0 / np.sqrt(counts)).astype(np.float32)[kinds]
    return shares


def _kind(cue: str) -> int:
    return 0 if cue[:2] == "= " else 1 if " & " in cue else 2


@cache
def shipped() -> DangerModel:
    """The model beside this module, read once a process."""
    return DangerModel.load()
