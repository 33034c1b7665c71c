"""Learns a `Scale` from questions whose entry is known, starting from one that is there already.

Maximum a posteriori: the scale that was there is the prior, so that a city with few similar
questions stays near what holds everywhere, and one with many moves to what holds for it. Thirteen
figures and a convex loss: Newton's method ends within a dozen steps.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from kb_index.ranking import Floats, Scale, log_questions

HELD = 0.01  # how strongly the prior holds, per mean question
STEPS = 30
SMALL = 1e-6


class Example(msgspec.Struct, frozen=True):
    """A question with what it and each candidate have in common."""

    figures: Floats
    right: int | None  # position of its entry; None: no candidate answers it
    questions: float  # about how many the index knows
    weight: float = 1.0


def learn(examples: Sequence[Example], prior: Scale, *, held: float = HELD) -> Scale:
    """The most likely scale, given these and the prior."""
    if not examples:
        return prior
    width = len(prior.weights)
    spread = np.vstack([example.figures for example in examples]).std(axis=0) + SMALL
    scaled = [_rows(example, spread) for example in examples]
    whole = sum(example.weight for example in examples)
    start = np.concatenate([np.asarray(prior.weights) * spread, [prior.none, prior.none_growth]])
    found = start.copy()
    for _ in range(STEPS):
        slope, curve = 2 * held * (found - start), 2 * held * np.eye(width + 2)
        for example, rows in zip(examples, scaled, strict=True):
            share = example.weight / whole
            chances = _softmax(rows @ found)
            mean = chances @ rows
            right = len(rows) - 1 if example.right is None else example.right
            slope += share * (mean - rows[right])
            curve += share * ((rows * chances[:, None]).T @ rows - np.outer(mean, mean))
        step = np.linalg.solve(curve, slope)
        found -= step / max(1.0, float(np.abs(step).max()))  # at most one spread at a time
        if np.abs(step).max() < SMALL:
            break
    weights = found[:width] / spread
    return Scale(tuple(weights.tolist()), float(found[width]), float(found[width + 1]))


def _rows(example: Example, spread: Floats) -> Floats:
    """The candidates, and last "none of them", which has two figures of its own."""
    count, width = example.figures.shape
    rows = np.zeros((count + 1, width + 2))
    rows[:count, :width] = example.figures / spread
    rows[count, width:] = 1.0, log_questions(example.questions)
    return rows


def _softmax(powers: Floats) -> Floats:
    weights = np.exp(powers - powers.max())
    chances: Floats = weights / weights.sum()
    return chances
