import pytest

from actions.protocol import EffectKind, Stage, Status
from tests.actions.a_talk import Talk, options_of, text_of

ASKED = "社保卡丢了怎么补？"


def test_an_answer_asks_whether_it_was_of_use(talk: Talk) -> None:
    assert options_of(talk("ask", ASKED)) == ["useful:card", "unsolved:card"]


def test_an_entry_picked_from_a_menu_asks_it_too(talk: Talk) -> None:
    talk("ask", "卡的事")
    assert options_of(talk("", choice="entry:heat")) == ["useful:heat", "unsolved:heat"]


@pytest.mark.parametrize(("said", "is_useful"), [("有用", True), ("没解决", False), ("2", False)])
def test_a_tap_and_its_words_are_the_same(talk: Talk, said: str, is_useful: bool) -> None:
    talk("ask", ASKED)
    decision = talk("inform", said)
    assert decision.status is Status.RATED
    (effect,) = decision.effects
    assert effect.kind is EffectKind.RATE
    assert effect.data == {"entry": "card", "useful": is_useful}


def test_a_useful_answer_ends_with_thanks(talk: Talk) -> None:
    talk("ask", ASKED)
    decision = talk("", choice="useful:card")
    assert text_of(decision) == "谢谢您的反馈。"
    assert options_of(decision) == []


def test_after_one_that_did_not_help_a_person_is_a_tap_away(talk: Talk) -> None:
    talk("ask", ASKED)
    assert options_of(talk("", choice="unsolved:card")) == ["agent", "complain"]


def test_what_was_asked_is_not_asked_for_again_when_it_becomes_a_complaint(talk: Talk) -> None:
    talk("ask", "噪音扰民归谁管")
    talk("", choice="unsolved:noise")
    taken = talk("", choice="complain").draft
    assert taken
    assert taken.fields["content"].value == "噪音扰民归谁管"


def test_the_same_answer_twice_in_a_row_asks_once(talk: Talk) -> None:
    talk("ask", ASKED)
    assert options_of(talk("ask", ASKED)) == []


@pytest.mark.parametrize("text", ["火星移民怎么办理", "卡的事", "嗯哪个那个"])
def test_only_an_answer_can_be_judged(talk: Talk, text: str) -> None:
    assert not [o for o in options_of(talk("ask", text)) if o.startswith(("useful", "unsolved"))]


def test_a_complaint_is_not_interrupted_by_it(talk: Talk) -> None:
    talk("complain", "楼下路灯坏了")
    assert "useful:card" not in options_of(talk("", choice="entry:card"))


def test_a_tap_on_an_old_answer_does_not_end_the_complaint(talk: Talk) -> None:
    talk("ask", ASKED)
    talk("complain", "楼下路灯坏了")
    decision = talk("", choice="unsolved:card")
    assert decision.draft
    assert decision.draft.stage is Stage.COLLECTING
    assert "在哪里" in text_of(decision)


def test_who_waits_for_a_person_can_still_judge_and_keeps_waiting(talk: Talk) -> None:
    talk("ask", ASKED)
    talk.waiting = True
    decision = talk("", choice="useful:card")
    assert [effect.kind for effect in decision.effects] == [EffectKind.RATE]
    assert options_of(decision) == ["cancel_agent"]
