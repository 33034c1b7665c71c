"""Not one wrong or double message, whoever is first."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from benchmarks.races import RACES

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5


@pytest.mark.parametrize("race", RACES.values(), ids=list(RACES))
def test_nobody_hears_a_wrong_or_double_word(race: Callable[[], list[str]]) -> None:
    assert [race() for _round in range(ROUNDS)] == [[]] * ROUNDS
