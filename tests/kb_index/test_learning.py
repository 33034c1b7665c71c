from __future__ import annotations

import numpy as np

from kb_index.learning import Example, learn
from kb_index.ranking import Scale, probabilities

PRIOR = Scale(weights=(1.0, 1.0), none=0.0, none_growth=0.1)


def examples(count: int) -> list[Example]:
    """The first figure tells the right one, the second tells nothing."""
    random = np.random.default_rng(3)
    made = []
    for number in range(count):
        figures = random.random((5, 2))
        right = number % 6
        if right < 5:
            figures[right, 0] += 0.8
        made.append(Example(figures, right if right < 5 else None, 100.0))
    return made


def right_of(scale: Scale, asked: list[Example]) -> float:
    found = [probabilities(one.figures, scale, one.questions) for one in asked]
    known = [
        (chances, one) for chances, one in zip(found, asked, strict=True) if one.right is not None
    ]
    return sum(int(np.argmax(chances)) == one.right for chances, one in known) / len(known)


def test_what_tells_the_right_one_is_learned() -> None:
    learned = learn(examples(300), PRIOR)
    assert learned.weights[0] > 3 * abs(learned.weights[1])
    assert right_of(learned, examples(300)) > right_of(PRIOR, examples(300))


def test_few_questions_leave_the_weights_near_what_they_were() -> None:
    few, many = learn(examples(6), PRIOR, held=10.0), learn(examples(300), PRIOR)
    assert abs(few.weights[0] - 1.0) < abs(many.weights[0] - 1.0)


def test_nothing_to_learn_from_changes_nothing() -> None:
    assert learn([], PRIOR) == PRIOR
