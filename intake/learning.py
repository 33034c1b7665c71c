"""Learning a field from a city's own messages: runs of characters and a linear machine.

scikit-learn is needed here and nowhere else; the result is a `learned.Model`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
import numpy as np

from intake.grams import squeeze
from intake.learned import Floats, Model

FEWEST = 20  # messages; fewer teach nothing that the shipped words do not know
_FEWEST_OF_A_LABEL = 3
_FOLDS = 5
_FEW, _MANY = 300, 3_000
# Single characters say much where there is little to learn from. With plenty they only say who
# exported a message: some cities take the stop words out, and then 的 and 了 are never seen.
_RUNS_OF_FEW, _RUNS_OF_MANY = (1, 3), (2, 4)


class TooLittle(ValueError):
    """Not enough messages, or only one label, to learn from."""


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """How well the model does on messages that it was not taught with."""

    field: str
    n: int
    labels: int
    accuracy: float
    macro_f1: float


def learn(
    field: str,
    samples: Sequence[tuple[str, str]],
    *,
    at: datetime,
    runs: tuple[int, int] | None = None,
) -> tuple[Model, Figures]:
    """A model of (text, label) pairs, and its cross-validated figures.

    Copies of a message (also one segmented, one as written) are learned from once, since a copy
    in the fold that is asked about would make the figures too good.
    """
    texts, labels = _distinct(samples)
    counts = Counter(labels)
    kept = [i for i, label in enumerate(labels) if counts[label] >= _FEWEST_OF_A_LABEL]
    texts, labels = [texts[i] for i in kept], [labels[i] for i in kept]
    if len(texts) < FEWEST or len(set(labels)) < 2:
        raise TooLittle(f"{field}: {len(texts)} usable messages, {len(set(labels))} labels")
    runs = runs or (_RUNS_OF_FEW if len(texts) < _MANY else _RUNS_OF_MANY)
    vectorizer = _vectorizer(len(texts), runs)
    rows = vectorizer.fit_transform(texts)
    figures, sharpness = _cross_validate(field, rows, labels)
    machine = _machine().fit(rows, labels)
    names = vectorizer.get_feature_names_out()
    weights, bias = _weights_of(machine)
    model = Model(
        field=field,
        labels=tuple(str(label) for label in machine.classes_),
        runs=runs,
        vocabulary={str(name): row for row, name in enumerate(names)},
        rarity=vectorizer.idf_.astype(np.float32),
        weights=weights,
        bias=bias,
        sharpness=sharpness,
        trained_at=at,
        learned_from=len(texts),
    )
    return model, figures


def _distinct(samples: Sequence[tuple[str, str]]) -> tuple[list[str], list[str]]:
    seen: set[str] = set()
    texts: list[str] = []
    labels: list[str] = []
    for text, label in samples:
        said = squeeze(text)
        if said and label and said not in seen:
            seen.add(said)
            texts.append(said)
            labels.append(label)
    return texts, labels


def _vectorizer(count: int, runs: tuple[int, int]) -> Any:
    from sklearn.feature_extraction.text import (  # type: ignore[import-untyped,unused-ignore]
        TfidfVectorizer,
    )

    # A run that hardly occurs costs as much room as a telling one.
    rare = 1 if count < _FEW else 2 if runs[0] == 1 or count < _MANY else 3
    return TfidfVectorizer(
        analyzer="char",
        ngram_range=runs,
        sublinear_tf=True,
        min_df=rare,
        dtype=np.float32,
    )


def _machine() -> Any:
    from sklearn.svm import LinearSVC  # type: ignore[import-untyped,unused-ignore]

    # Stopping early costs nothing that can be measured and saves nine tenths of the time.
    return LinearSVC(C=1.0, class_weight="balanced", tol=1e-2, max_iter=500, random_state=7)


def _weights_of(machine: Any) -> tuple[Floats, Floats]:
    """Runs x labels; a machine of two labels knows only the line between them."""
    weights, bias = machine.coef_.T, machine.intercept_
    if len(machine.classes_) == 2:
        weights, bias = np.hstack([-weights, weights]), np.hstack([-bias, bias])
    return np.ascontiguousarray(weights, dtype=np.float32), bias.astype(np.float32)


def _cross_validate(field: str, rows: Any, labels: Sequence[str]) -> tuple[Figures, float]:
    from sklearn.metrics import (  # type: ignore[import-untyped,unused-ignore]
        accuracy_score,
        f1_score,
    )
    from sklearn.model_selection import (  # type: ignore[import-untyped,unused-ignore]
        StratifiedKFold,
    )

    folds = min(_FOLDS if len(labels) < _MANY else 3, min(Counter(labels).values()))
    order = sorted(set(labels))
    position = {label: i for i, label in enumerate(order)}
    margins = np.zeros((len(labels), len(order)), dtype=np.float32)
    truth = np.asarray([position[label] for label in labels])
    for taught, asked in StratifiedKFold(folds, shuffle=True, random_state=7).split(rows, labels):
        machine = _machine().fit(rows[taught], [labels[i] for i in taught])
        weights, bias = _weights_of(machine)
        margins[asked] = rows[asked] @ weights + bias
    guessed = margins.argmax(axis=1)
    figures = Figures(
        field=field,
        n=len(labels),
        labels=len(order),
        accuracy=round(float(accuracy_score(truth, guessed)), 4),
        macro_f1=round(float(f1_score(truth, guessed, average="macro")), 4),
    )
    return figures, _sharpness(margins, truth)


def _sharpness(margins: Floats, truth: Any) -> float:
    """The factor under which the confidence says how often the model is right."""
    best, least = 1.0, math.inf
    for factor in (0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 8.0):
        scaled = factor * (margins - margins.max(axis=1, keepdims=True))
        losses = np.log(np.exp(scaled).sum(axis=1)) - scaled[np.arange(len(truth)), truth]
        if float(losses.mean()) < least:
            best, least = factor, float(losses.mean())
    return best
