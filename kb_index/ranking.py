"""From what a query and its candidates have in common to how likely each is the one.

Each candidate's figures, weighed and added up, are its relevance; "none of them" competes with a
relevance of its own, which grows with the logarithm of the number of questions that the index
knows, since among more of them something fits by chance more often. A softmax over all of these is
read as a probability. The weights are learned (`kb_index.learning`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from kb_index.relevance import WordScore

type Floats = NDArray[np.float64]

WORD_FIGURES = (
    "merged",
    "single",
    "best",
    "answer",
    "overlap",
    "named",
    "covered",
    "complete",
    "passage",
)
MEANING_FIGURES = ("nearest", "centre", "side")  # brought to the scale of the others

UNRELATED = 0.86  # cosine of two questions about nothing in common: stands in for a missing vector
COSINE_MIDDLE, COSINE_STEP = 0.90, 0.02
SIDE_STEP = 1 / 3

type Meaning = tuple[float, float, float]  # two cosines, and `Directions.sides`


class Scale(msgspec.Struct, frozen=True):
    """How figures become probability."""

    weights: tuple[float, ...]  # one each of the figures, in their order
    none: float  # relevance of "none of them" for one question in the index …
    none_growth: float  # … and its growth with the logarithm of their number


def word_figures(scores: Sequence[WordScore]) -> Floats:
    """A row an article."""
    rows = [[getattr(score, name) for name in WORD_FIGURES] for score in scores]
    return np.asarray(rows, dtype=np.float64).reshape(len(scores), len(WORD_FIGURES))


def all_figures(scores: Sequence[WordScore], meanings: Sequence[Meaning]) -> Floats:
    figures = np.asarray(meanings, dtype=np.float64).reshape(len(scores), len(MEANING_FIGURES))
    cosines = (figures[:, :2] - COSINE_MIDDLE) / COSINE_STEP
    return np.hstack([word_figures(scores), cosines, figures[:, 2:] / SIDE_STEP])


def log_questions(questions: float) -> float:
    return math.log(max(questions, 1.0))


def probabilities(figures: Floats, scale: Scale, questions: float) -> list[float]:
    """One a candidate; what is missing to one is "none of them"."""
    none = scale.none + scale.none_growth * log_questions(questions)
    powers = np.append(figures @ np.asarray(scale.weights), none)
    weights = np.exp(powers - powers.max())
    chances: list[float] = (weights / weights.sum())[:-1].tolist()
    return chances
