from __future__ import annotations

import numpy as np
import pytest

from kb_index.ranking import Scale, probabilities

SCALE = Scale(weights=(7.0,), none=2.0, none_growth=0.8)


def test_probabilities_leave_room_for_none_of_them() -> None:
    chances = probabilities(np.array([[0.5], [0.4]]), SCALE, 20)
    assert chances[0] > chances[1]
    assert sum(chances) < 1


def test_the_same_fit_means_less_among_more_questions() -> None:
    figures = np.array([[1.0]])
    assert probabilities(figures, SCALE, 20)[0] > probabilities(figures, SCALE, 10_000)[0]


def test_far_apart_relevances_do_not_overflow() -> None:
    figures = np.array([[1_000.0], [-1_000.0]])
    assert probabilities(figures, SCALE, 1) == pytest.approx([1.0, 0.0])


def test_nothing_has_no_chances() -> None:
    assert probabilities(np.zeros((0, 1)), SCALE, 0) == []
