"""What is learned to tell entries apart that mean nearly the same."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from kb_index import directions
from kb_index.directions import (
    NO_DIRECTIONS,
    Directions,
    _line,
    decode_directions,
    encode_directions,
    learn_directions,
)
from kb_index.encoder import Vector
from kb_index.finding import Finder
from kb_index.index import Index
from kb_index.notes import CALIBRATION, DIRECTIONS, Notes
from kb_index.standard import STANDARD_MEANING
from tests.kb_index.encoders import Letters
from tests.kb_index.test_calibration import a_city

WIDTH = 24
TWINS = 0.15  # what the questions of two twins differ in, beside a noise of 1


def questions(number: int, count: int, seed: int) -> Vector:
    """Of one entry: two twins share a subject and differ in one small thing only."""
    subject = np.eye(WIDTH)[number // 2] * 4
    difference = np.eye(WIDTH)[-1] * (0.5 if number % 2 else -0.5)
    noise = np.random.default_rng(seed).normal(size=(count, WIDTH))
    noise[:, -1] *= TWINS
    rows = subject + difference + noise
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def name(number: int) -> str:
    return f"entry-{number:02}"


@pytest.fixture(scope="module")
def learned() -> Directions:
    return learn_directions([(name(n), questions(n, 20, seed=n)) for n in range(20)])


def test_twins_are_told_apart_where_cosines_mistake_them(learned: Directions) -> None:
    by_side = by_cosine = asked = 0
    for number in range(20):
        twins = [number, number ^ 1]
        centres = [questions(n, 20, seed=n).mean(axis=0) for n in twins]
        for query in questions(number, 10, seed=100 + number):
            cosines = [float(query @ c / np.linalg.norm(c)) for c in centres]
            sides = learned.sides(query, [name(n) for n in twins], cosines)
            by_side += sides[0] > sides[1]
            by_cosine += cosines[0] > cosines[1]
            asked += 1
    assert by_side > 0.8 * asked
    assert by_side > by_cosine + 0.1 * asked


def test_an_entry_that_came_later_is_expected_where_its_meaning_puts_it(
    learned: Directions,
) -> None:
    (query,) = questions(4, 1, seed=7)
    near, far = learned.sides(query, ["later", "later too"], [0.9, 0.1])
    assert near > far
    own, other = learned.sides(query, [name(4), name(11)], [0.9, 0.1])
    assert own > 0 > other


def test_directions_are_kept_as_they_were_learned(learned: Directions) -> None:
    kept = decode_directions(encode_directions(learned))
    (query,) = questions(3, 1, seed=5)
    ids, centres = [name(3), name(2), "later"], [0.8, 0.7, 0.6]
    assert kept.key == learned.key
    assert kept.sides(query, ids, centres) == learned.sides(query, ids, centres)


def test_the_same_entries_in_another_order_teach_the_same(learned: Directions) -> None:
    turned = [(name(n), questions(n, 20, seed=n)) for n in reversed(range(20))]
    assert learn_directions(turned).key == learned.key


def test_one_entry_has_no_neighbours_and_too_many_are_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert learn_directions([("alone", questions(0, 3, seed=1))]) is NO_DIRECTIONS
    monkeypatch.setattr(directions, "MOST_ENTRIES", 2)
    many = [(name(n), questions(n, 2, seed=n)) for n in range(3)]
    assert learn_directions(many) is NO_DIRECTIONS
    assert NO_DIRECTIONS.sides(many[0][1][0], ["a", "b"], [0.5, 0.4]) == [0.0, 0.0]


def test_bytes_that_are_no_directions_are_refused() -> None:
    with pytest.raises((msgspec.DecodeError, ValueError)):
        decode_directions(b"{}")


def test_without_the_directions_it_was_learned_with_a_calibration_is_not_used(
    index: Index,
) -> None:
    index.write(a_city())
    finder = Finder(index, Letters())
    finder.prepare()
    assert finder.calibration.directions
    assert index.note(CALIBRATION) is not None
    index.keep_note(DIRECTIONS, b"{}")
    assert Notes(index).calibration().meaning == STANDARD_MEANING


def test_entries_that_all_mean_the_same_have_a_level_and_no_slope() -> None:
    same = np.full(6, 0.5, dtype=np.float32)
    assert _line(same, np.arange(6, dtype=np.float32)) == (0.0, 2.5)


def test_a_line_is_fitted_as_least_squares_do() -> None:
    dice = np.random.default_rng(3)
    x = dice.random(50, dtype=np.float32)
    y = 2 * x - 1 + dice.normal(0, 0.1, 50).astype(np.float32)
    assert _line(x, y) == pytest.approx(tuple(np.polyfit(x, y, 1)), abs=1e-4)
