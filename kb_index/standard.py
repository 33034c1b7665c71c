"""How a knowledge base decides that has taught nothing of its own yet.

Learned by `python -m benchmarks.ranking`, which prints this module's figures: from the demo city's
entries, whole and in samples of 20 to 150, with similar questions and without, asked what its
entries answer, what left-out entries answer, and what nobody answers. For meaning also from what
strangers asked of two help desks whose entries know their standard question only; by words alone
these would answer unknown things on small knowledge bases. None of all these has long answers: the
weight of a passage is chosen by hand, so that it orders policy documents and none is answered that
should not be.
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
            *(3.06, 4.75, -7.09, 2.96, -4.27, 2.47, 6.05, 2.37, PASSAGE_WEIGHT),
            *(0.961, 0.669, 0.0),
        ),
        none=0.69,
        none_growth=0.679,
    ),
    answer=0.70,
    offer=0.28,
)
WORDS_DECIDE = 0.95
