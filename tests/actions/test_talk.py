import pytest

from actions.protocol import Stage, Status
from tests.actions.a_talk import Talk, options_of, text_of


@pytest.mark.parametrize(
    "intent", ["greet", "thank", "goodbye", "small_talk", "affirm", "deny", "give_up"]
)
def test_talk_is_answered_and_changes_nothing(talk: Talk, intent: str) -> None:
    decision = talk(intent, "嗯")
    assert decision.status is Status.SMALL_TALK
    assert text_of(decision)
    assert decision.effects == ()


def test_a_first_visit_shows_what_can_be_done(talk: Talk) -> None:
    assert options_of(talk("", choice="greet")) == ["complain", "case_status", "agent"]


def test_a_first_visit_again_goes_on_with_the_complaint(talk: Talk) -> None:
    talk("complain", "楼下路灯坏了")
    decision = talk("", choice="greet")
    assert decision.draft
    assert decision.draft.stage is Stage.COLLECTING
    assert "在哪里" in text_of(decision)


def test_the_bot_says_that_it_is_one(talk: Talk) -> None:
    assert "不是真人" in text_of(talk("small_talk", "你是机器人吗"))


@pytest.mark.parametrize("choice", ["confirm", "amend", "skip", "give_up", "invented"])
def test_a_button_of_a_complaint_that_is_over_does_nothing(talk: Talk, choice: str) -> None:
    decision = talk("", choice=choice)
    assert decision.effects == ()
    assert decision.draft is None


@pytest.mark.parametrize("choice", ["complain", "case_status", "agent"])
def test_a_fixed_menu_works_without_having_been_offered(talk: Talk, choice: str) -> None:
    decision = talk("", choice=choice)
    assert decision.status is not Status.NOT_UNDERSTOOD
