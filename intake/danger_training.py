"""Teach the learned half of `emergency` again: ``python -m intake.danger_training [QUESTIONS...]``.

It learns from the sentences in ``emergency_training/``, and from files of ordinary questions
(JSON lines with `question` and `similar_questions`), in which nobody is in danger. The result is
written beside `danger_model`; scikit-learn is needed here and nowhere else.
"""

from __future__ import annotations

import io
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from intake.danger_cues import cues
from intake.danger_model import DANGER, NUMBER_OF, PATH, shares_of

SENTENCES = Path(__file__).with_name("emergency_training")
FIRES = 0.6  # see the figures that a training prints
CALMS = 0.02
_SEEN_OFTEN_ENOUGH = 2  # a cue of one sentence is that sentence, not a rule
_FOLDS = 4
NOTHING = "nothing"
_CALLS = re.compile(r"(?<!\d)(?:110|119|120|122)(?!\d)")


def sentences(path: Path) -> Iterator[tuple[str, str]]:
    """The heading under which each sentence stands, and the sentence."""
    heading = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            heading = line[3:]
        elif line.strip() and not line.startswith("#"):
            yield heading, line.strip()


def questions(path: Path) -> Iterator[str]:
    """What is asked of articles, except of those that tell how to call for help: who asks that
    may well be standing before a fire."""
    for line in path.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        if not _CALLS.search(entry.get("answer", "")):
            yield from (entry["question"], *entry["similar_questions"])


def samples(more: Sequence[Path]) -> list[tuple[str, str]]:
    """(danger or `NOTHING`, text), each text once."""
    found = {text: why for why, text in sentences(SENTENCES / "dangers.txt")}
    for _, text in sentences(SENTENCES / "lookalikes.txt"):
        found.setdefault(text, NOTHING)
    for path in more:
        for text in questions(path):
            found.setdefault(text, NOTHING)
    return [(why, text) for text, why in found.items()]


class Table:
    """Texts as rows of a sparse table; the columns are the cues that occur often enough."""

    def __init__(self, seen: Sequence[Sequence[str]]) -> None:
        often = Counter(cue for row in seen for cue in row)
        kept = sorted(cue for cue, count in often.items() if count >= _SEEN_OFTEN_ENOUGH)
        self.position = {cue: i for i, cue in enumerate(kept)}

    def of(self, seen: Sequence[Sequence[str]]) -> Any:
        from scipy.sparse import csr_matrix  # type: ignore[import-untyped,unused-ignore]

        values: list[float] = []
        columns: list[int] = []
        ends = [0]
        for row in seen:
            known = [cue for cue in row if cue in self.position]
            columns += [self.position[cue] for cue in known]
            values += shares_of(known).tolist()
            ends.append(len(columns))
        return csr_matrix((values, columns, ends), shape=(len(seen), len(self.position)))


def _machine() -> Any:
    from sklearn.linear_model import (  # type: ignore[import-untyped,unused-ignore]
        LogisticRegression,
    )

    return LogisticRegression(C=20, solver="liblinear", max_iter=200, random_state=7)


def guesses(rows: Any, is_danger: Any) -> Any:
    """How sure the model is of each sentence when it was not taught with it."""
    from sklearn.model_selection import (  # type: ignore[import-untyped,unused-ignore]
        StratifiedKFold,
        cross_val_predict,
    )

    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=7)
    return cross_val_predict(_machine(), rows, is_danger, cv=folds, method="predict_proba")[:, 1]


def train(more: Sequence[Path], path: Path = PATH) -> str:
    """Write the model; the answer says how it does on sentences left out."""
    told = samples(more)
    whys = np.asarray([why for why, _ in told])
    seen = [cues(text) for _, text in told]
    table = Table(seen)
    rows = table.of(seen)
    is_danger = whys != NOTHING
    sure = guesses(rows, is_danger)
    weights = [_weights(rows, is_danger)]
    dangers = rows[is_danger]
    weights += [_weights(dangers, whys[is_danger] == why) for why in NUMBER_OF]
    _save(path, list(table.position), np.stack([w for w, _ in weights], axis=1), weights)
    lines = [f"{len(told)} sentences, {int(is_danger.sum())} of them dangers"]
    for edge in (0.5, 0.6, 0.7, 0.8, 0.9, 0.95):
        recall, false = (sure[is_danger] > edge).mean(), (sure[~is_danger] > edge).mean()
        lines.append(f"from {edge:.2f} on: {recall:.3f} of dangers, {false:.4f} of the others")
    return "\n".join(lines)


def _weights(rows: Any, truth: Any) -> tuple[Any, float]:
    machine = _machine().fit(rows, truth)
    return machine.coef_[0], float(machine.intercept_[0])


def _save(path: Path, names: list[str], weights: Any, fitted: list[tuple[Any, float]]) -> None:
    scale = np.abs(weights).max(axis=0) / 127.0
    about = {
        "format": 1,
        "columns": [DANGER, *NUMBER_OF],
        "fires": FIRES,
        "calms": CALMS,
    }
    packed = io.BytesIO()
    np.savez_compressed(
        packed,
        about=np.frombuffer(json.dumps(about).encode(), dtype=np.uint8),
        cues=np.frombuffer("\n".join(names).encode(), dtype=np.uint8),
        weights=np.round(weights / scale).astype(np.int8),
        scale=scale.astype(np.float32),
        bias=np.asarray([bias for _, bias in fitted], dtype=np.float32),
    )
    path.write_bytes(packed.getvalue())


if __name__ == "__main__":
    print(train([Path(name) for name in sys.argv[1:]]))
