"""Random lives: no illegal state, nothing twice, and the rates are what the events say."""

import random
from datetime import date, timedelta

import pytest

from benchmarks.lives import Told, World, compare, doubled, live
from desk.workdays.calendar import current

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seed", [1, 2])
def test_random_lives_stay_legal_and_are_counted_rightly(seed: int) -> None:
    dice, told, world = random.Random(seed), Told(), World()  # noqa: S311
    for number in range(60):
        live(world, dice, told, date(2026, 1, 5) + timedelta(days=number * 5))

    assert compare(told, current()) > 20
    assert told.faults == []
    assert doubled() == []
    assert len(told.taken) > 15
