"""Dangers in words that no rule knows are heard, and what only sounds like one is not."""

from pathlib import Path

import pytest

from intake.danger_model import PATH
from intake.danger_training import SENTENCES, sentences
from intake.emergency import emergency

LINES = [
    tuple(line.split(" ", 1))
    for line in Path(__file__)
    .with_name("emergency_wordings.txt")
    .read_text(encoding="utf-8")
    .splitlines()
    if not line.startswith("#")
]
REAL = [(number, text) for number, text in LINES if number != "-"]
LOOKALIKES = [text for number, text in LINES if number == "-"]


def test_nine_of_ten_unseen_cries_are_heard() -> None:
    heard = [emergency(text) is not None for _, text in REAL]
    assert sum(heard) / len(REAL) >= 0.9


def test_most_of_them_get_the_number_that_helps() -> None:
    right = [found.number == number for number, text in REAL if (found := emergency(text))]
    assert sum(right) / len(right) >= 0.9


def test_few_of_the_hardest_lookalikes_fire() -> None:
    fired = [text for text in LOOKALIKES if emergency(text)]
    assert len(fired) / len(LOOKALIKES) <= 0.08


def test_the_model_was_not_taught_what_it_is_asked_here() -> None:
    taught = {
        text
        for name in ("dangers.txt", "lookalikes.txt")
        for _, text in sentences(SENTENCES / name)
    }
    assert not taught & {text for _, text in LINES}


@pytest.mark.parametrize(
    ("text", "number"),
    [("电梯突然停了里面有孕妇", "119"), ("河里有人在喊救命", "119")],
)
def test_who_is_trapped_or_drowning_gets_the_fire_brigade(text: str, number: str) -> None:
    found = emergency(text)
    assert found is not None
    assert found.number == number


def test_a_whole_clause_is_the_evidence_for_what_no_rule_knows() -> None:
    text = "你好，屋头燃起来咯 娃儿还在里头"
    found = emergency(text)
    assert found is not None
    assert found.words in text
    assert text[found.start : found.end] == found.words


@pytest.mark.parametrize("text", ["", "！！！", "。", "110", "？"])
def test_nothing_said_is_no_danger(text: str) -> None:
    assert emergency(text) is None


def test_the_shipped_model_is_small() -> None:
    assert PATH.stat().st_size < 1_000_000
