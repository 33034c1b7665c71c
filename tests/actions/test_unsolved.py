"""没解决: the next best first, then a person; the question stays at hand."""

from __future__ import annotations

import pytest

from actions.protocol import Judged, Status
from tests.actions.a_talk import CARD, HEAT, NOISE, FakeKnowledge, Talk, options_of, text_of

ASKED = "社保卡丢了怎么补？"


@pytest.fixture
def judging(talk: Talk, knowledge: FakeKnowledge) -> Talk:
    knowledge.next_best[ASKED] = (CARD, HEAT, NOISE)
    talk("ask", ASKED)
    talk.judged = Judged(question=ASKED, message="m1", given=("card",))
    return talk


def test_the_next_best_are_offered_without_the_one_that_did_not_help(judging: Talk) -> None:
    decision = judging("", choice="unsolved:card")
    assert decision.status is Status.RATED
    assert "您问的是不是" in text_of(decision)
    assert options_of(decision) == ["entry:heat", "entry:noise", "none", "agent"]


def test_one_of_them_answers(judging: Talk) -> None:
    judging("", choice="unsolved:card")
    assert judging("", choice="entry:heat").replies[0].entry == "heat"


def test_the_second_time_it_is_a_person(judging: Talk) -> None:
    judging.judged = Judged(question=ASKED, message="m1", given=("card", "heat"), again=True)
    decision = judging("", choice="unsolved:heat")
    assert options_of(decision) == ["agent", "complain"]
    assert "还是没帮上" in text_of(decision)


def test_with_nothing_left_it_is_a_person_at_once(judging: Talk, knowledge: FakeKnowledge) -> None:
    knowledge.next_best[ASKED] = (CARD,)
    assert options_of(judging("", choice="unsolved:card")) == ["agent", "complain"]


def test_without_a_search_it_is_a_person(judging: Talk, knowledge: FakeKnowledge) -> None:
    knowledge.is_down = True
    assert options_of(judging("", choice="unsolved:card")) == ["agent", "complain"]


def test_who_then_complains_need_not_say_it_again(judging: Talk) -> None:
    judging("", choice="unsolved:card")
    taken = judging("", choice="none").draft
    assert taken
    assert taken.fields["content"].value == ASKED


def test_a_complaint_under_way_is_not_thrown_off(judging: Talk) -> None:
    judging("complain", "楼下路灯坏了")
    decision = judging("", choice="unsolved:card")
    assert "entry:heat" not in options_of(decision)
    assert decision.draft
    assert decision.draft.fields["content"].value == "楼下路灯坏了"
