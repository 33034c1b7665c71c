"""How well the classifier tells what citizens want, on sentences that it has not learned from."""

import re
from pathlib import Path

import pytest

from tests.bot.held_out import AFTERWARDS, GIBBERISH, HELD_OUT
from tests.bot.rasa_process import ROOT, RasaProcess

# Rasa starts within the first test; on a busy machine that takes its time.
pytestmark = pytest.mark.timeout(300)

NLU = ROOT / "bot" / "data" / "nlu"
SENTENCES = {wanted: HELD_OUT[wanted] + AFTERWARDS[wanted] for wanted in HELD_OUT}
CASES = {"complain", "seek_help", "report", "suggest", "praise"}


def learned(folder: Path = NLU) -> set[str]:
    """All sentences that the model is trained on."""
    texts = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.yml"))
    return set(re.findall(r"^      - (.+)$", texts, re.MULTILINE))


def test_no_held_out_sentence_is_learned_from() -> None:
    held_out = {text for texts in SENTENCES.values() for text in texts}
    assert len(held_out) >= 120
    assert not held_out & learned()


@pytest.fixture(scope="module")
def intents(rasa: RasaProcess) -> dict[str, str]:
    """What each sentence is taken for."""
    return {text: rasa.asked(text)["intent"] for texts in SENTENCES.values() for text in texts}


def test_nine_of_ten_intents_are_right(intents: dict[str, str]) -> None:
    wrong = [
        (wanted, text, intents[text])
        for wanted, texts in SENTENCES.items()
        for text in texts
        if intents[text] != wanted
    ]
    assert len(wrong) <= len(intents) // 10, wrong


def test_a_question_about_a_problem_is_not_taken_as_a_case(intents: dict[str, str]) -> None:
    taken = [text for text in SENTENCES["ask"] if intents[text] in CASES]
    assert len(taken) <= 2, taken


def test_a_complaint_is_not_taken_as_a_question(intents: dict[str, str]) -> None:
    lost = [text for text in SENTENCES["complain"] if intents[text] not in CASES]
    assert len(lost) <= 2, lost


def test_gibberish_neither_opens_nor_ends_anything(rasa: RasaProcess) -> None:
    for text in GIBBERISH:
        intent = rasa.asked(text)["intent"]
        assert intent not in CASES | {"request_agent", "give_up", "cancel_agent"}, text
