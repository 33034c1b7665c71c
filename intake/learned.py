"""A model that a city trained on its own messages: loads in a moment, answers without scikit-learn.

The file holds plain arrays and is read without unpickling anything: a model can be copied between
machines without running what somebody put into it.
"""

from __future__ import annotations

import io
import json
import math
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from intake.evidence import Found
from intake.grams import grams

Floats = NDArray[np.float32]


class NotAModel(ValueError):
    """The file is not a model of this version; train again."""


_FORMAT = 2


@dataclass(frozen=True, kw_only=True)
class Model:
    """Labels of one field, with what tells them apart."""

    field: str  # category | kind | department
    labels: tuple[str, ...]
    runs: tuple[int, int]  # how many characters the shortest and the longest have
    vocabulary: dict[str, int]
    rarity: Floats  # one a run of characters
    weights: Floats  # runs x labels
    bias: Floats
    sharpness: float  # turns margins into a confidence, fitted on messages left out
    trained_at: datetime
    learned_from: int

    def read(self, text: str) -> Found | None:
        """The label, or ``None`` when the text has nothing that the model knows."""
        shares = self.shares(text)
        if not shares:
            return None
        best = max(shares, key=lambda label: shares[label])
        return Found(value=best, confidence=round(min(0.99, shares[best]), 2))

    def shares(self, text: str) -> dict[str, float]:
        """How likely each label is; nothing when the text has nothing that the model knows."""
        margins = self._margins(text)
        if margins is None:
            return {}
        shares = np.exp(self.sharpness * (margins - margins.max()))
        shares /= shares.sum()
        return dict(zip(self.labels, shares.tolist(), strict=True))

    def _margins(self, text: str) -> Floats | None:
        rows: list[int] = []
        counts: list[float] = []
        for run, count in grams(text, *self.runs).items():
            row = self.vocabulary.get(run)
            if row is not None:
                rows.append(row)
                counts.append(1.0 + math.log(count))
        if not rows:
            return None
        values: Floats = np.asarray(counts, dtype=np.float32) * self.rarity[rows]
        values = values / np.float32(np.linalg.norm(values))
        margins: Floats = values @ self.weights[rows] + self.bias
        return margins

    def save(self, path: Path) -> None:
        """Write beside and move over: a reader sees the old model or the new one."""
        about = {
            "format": _FORMAT,
            "field": self.field,
            "labels": self.labels,
            "runs": self.runs,
            "sharpness": self.sharpness,
            "trained_at": self.trained_at.isoformat(),
            "learned_from": self.learned_from,
        }
        packed = io.BytesIO()
        np.savez_compressed(
            packed,
            about=np.frombuffer(json.dumps(about).encode(), dtype=np.uint8),
            vocabulary=np.frombuffer("\n".join(self.vocabulary).encode(), dtype=np.uint8),
            rarity=self.rarity,
            weights=self.weights.astype(np.float16),  # half the file, the same answers
            bias=self.bias,
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        beside.write_bytes(packed.getvalue())
        beside.replace(path)

    @classmethod
    def load(cls, path: Path) -> Model:
        """Raises `NotAModel`, or `FileNotFoundError` when there is none."""
        try:
            with np.load(path, allow_pickle=False) as packed:
                about = json.loads(packed["about"].tobytes())
                if about.get("format") != _FORMAT:
                    raise NotAModel(f"{path.name} is of another version; train again")
                runs = packed["vocabulary"].tobytes().decode().split("\n")
                return cls(
                    field=about["field"],
                    labels=tuple(about["labels"]),
                    runs=(about["runs"][0], about["runs"][1]),
                    vocabulary={run: row for row, run in enumerate(runs)},
                    rarity=packed["rarity"],
                    weights=packed["weights"].astype(np.float32),
                    bias=packed["bias"],
                    sharpness=about["sharpness"],
                    trained_at=datetime.fromisoformat(about["trained_at"]),
                    learned_from=about["learned_from"],
                )
        except FileNotFoundError:
            raise
        except (OSError, EOFError, KeyError, ValueError) as error:
            if isinstance(error, NotAModel):
                raise
            raise NotAModel(f"{path.name} cannot be read as a model; train again") from error


FIELDS = ("category", "kind", "department")


@dataclass(frozen=True, kw_only=True)
class Learned:
    """The models that a city has; a field without one is read by what the project ships."""

    models: dict[str, Model]

    def read(self, field: str, text: str) -> Found | None:
        model = self.models.get(field)
        return model.read(text) if model else None

    @classmethod
    def load(cls, folder: Path) -> Learned:
        """All models of a folder; none there is a city that has not trained yet."""
        paths = {field: model_path(folder, field) for field in FIELDS}
        return cls(models={f: Model.load(path) for f, path in paths.items() if path.is_file()})


def model_path(folder: Path, field: str) -> Path:
    """Where the model of a field is kept under a folder."""
    return folder / f"triage-{field}.npz"
