"""How a knowledge base decides that has taught nothing of its own yet.

Learned from the demo city's entries by `python -m benchmarks.ranking`, which prints this module's
figures: whole and in samples of 20 to 150 entries, with similar questions and without, asked what
its entries answer, what left-out entries answer, and what nobody answers. It has no long answers:
the weight of a passage is chosen by hand, so that it orders policy documents and none is answered
that should not be.
"""

from __future__ import annotations

from kb_index.decision import Stage
from kb_index.ranking import Scale

PASSAGE_WEIGHT = 6.0
STANDARD_WORDS = Stage(
    scale=Scale(
        weights=(11.39, 1.49, -8.75, 5.25, 0.43, 0.49, 6.88, 5.70, PASSAGE_WEIGHT),
        none=2.58,
        none_growth=0.907,
    ),
    answer=0.75,
    offer=0.30,
)
STANDARD_MEANING = Stage(
    scale=Scale(
        weights=(
            4.09,
            2.25,
            -7.51,
            4.05,
            -3.40,
            3.51,
            6.19,
            1.58,
            PASSAGE_WEIGHT,
            0.823,
            0.785,
            0.0,
        ),
        none=0.31,
        none_growth=0.847,
    ),
    answer=0.70,
    offer=0.25,
)
WORDS_DECIDE = 0.95
