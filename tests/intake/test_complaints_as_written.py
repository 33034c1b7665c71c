"""Complaints as people write them: angry, unpunctuated, in dialect, with several times and places.

`complaints.jsonl` has 158 of them, written by hand before the readers had seen them. The figures
are floors: what is read worse than this makes more work than it saves.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from intake.about import about
from intake.evaluate import evaluate_prefill, matches, prefill

LINES: list[dict[str, Any]] = [
    json.loads(line)
    for line in Path(__file__).with_name("complaints.jsonl").read_text("utf-8").splitlines()
]
FLOORS = {"place": 0.93, "time": 0.93, "phone": 1.0, "name": 0.93, "kind": 0.92}


@pytest.fixture(scope="module")
def figures() -> dict[str, Any]:
    return evaluate_prefill(LINES)


@pytest.mark.parametrize(("field", "floor"), FLOORS.items())
def test_a_field_is_read_as_well_as_an_agent_needs(
    figures: dict[str, Any], field: str, floor: float
) -> None:
    assert figures[field]["f1"] >= floor


def test_whom_it_is_about_is_named_more_often_than_not() -> None:
    named = [(line["fields"]["about"], about(line["text"])) for line in _with("about")]
    right = sum(found is not None and found.value in wanted for wanted, found in named)
    assert right / len(named) >= 0.6


def test_every_value_shows_the_words_that_it_rests_on() -> None:
    for line in LINES:
        for field, found in prefill(line["text"], line["now"]).items():
            if found is None:
                continue
            assert found.words(line["text"])
            if field in ("place", "name"):
                assert found.words(line["text"]) == found.value


def test_a_moment_rests_on_the_words_that_say_it() -> None:
    for line in _with("time"):
        found = prefill(line["text"], line["now"])["time"]
        if found is None or not found.value.startswith(line["fields"]["time"]):
            continue
        assert (
            line["said"][:2] in found.words(line["text"])
            or found.words(line["text"]) in line["said"]
        )


def test_what_is_called_sure_is_right() -> None:
    """An agent does not look again at what is shown as sure."""
    right = [
        bool(line["fields"].get(field)) and matches(field, line["fields"][field], found.value)
        for line in LINES
        for field, found in prefill(line["text"], line["now"]).items()
        if found is not None and found.confidence >= 0.8
    ]
    assert len(right) > len(LINES) / 2
    assert sum(right) / len(right) >= 0.93


def _with(field: str) -> list[dict[str, Any]]:
    return [line for line in LINES if line["fields"].get(field)]
