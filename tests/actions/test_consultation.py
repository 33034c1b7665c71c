from dataclasses import replace

import pytest

from actions.knowledge import Found
from actions.protocol import Stage, Status
from tests.actions.a_talk import CARD, HEAT, FakeKnowledge, Talk, options_of, text_of


def test_an_answer_is_the_approved_text_word_for_word(talk: Talk) -> None:
    decision = talk("ask", "社保卡丢了怎么补？")
    assert decision.status is Status.ANSWERED
    reply = decision.replies[0]
    assert reply.entry == "card"
    assert reply.text == f"{CARD.answer}\n\n——区人力社保局｜来源：办事指南"
    assert len(decision.replies) == 1


@pytest.mark.parametrize(
    ("found", "status"),
    [
        (Found(answer=CARD, reason="by_meaning"), Status.ANSWERED),
        (Found(menu=(CARD, HEAT), reason="several_fit"), Status.MENU),
        (Found(reason="nothing_close"), Status.NO_ARTICLE),
    ],
)
def test_why_the_index_decided_so_is_told_with_it(
    talk: Talk, knowledge: FakeKnowledge, found: Found, status: Status
) -> None:
    knowledge.answers["医保卡"] = found
    decision = talk("ask", "医保卡")
    assert (decision.status, decision.reason) == (status, found.reason)


@pytest.mark.parametrize(
    ("source", "number", "told"),
    [
        ("补办通知", "某发〔2026〕3号", "——区人力社保局｜来源：补办通知（某发〔2026〕3号）"),
        (
            "某发〔2026〕3号 补办通知",
            "某发〔2026〕3号",
            "——区人力社保局｜来源：某发〔2026〕3号 补办通知",
        ),
        ("", "某发〔2026〕3号", "——区人力社保局｜文号：某发〔2026〕3号"),
    ],
)
def test_the_document_is_named_once_below_the_text(
    talk: Talk, knowledge: FakeKnowledge, source: str, number: str, told: str
) -> None:
    entry = replace(CARD, source=source, document_number=number)
    knowledge.answers["医保卡"] = Found(answer=entry)
    assert talk("ask", "医保卡").replies[0].text == f"{CARD.answer}\n\n{told}"


def test_an_entry_without_department_and_source_stands_alone(talk: Talk) -> None:
    assert talk("ask", "噪音扰民归谁管").replies[0].text == "生活噪声由公安机关管理。"


def test_a_question_about_a_wrong_can_become_a_complaint_without_saying_it_again(
    talk: Talk,
) -> None:
    decision = talk("ask", "噪音扰民归谁管")
    assert options_of(decision) == ["useful:noise", "unsolved:noise", "complain"]
    assert decision.draft
    assert decision.draft.stage is Stage.NONE
    taken = talk("complain", choice="complain")
    assert taken.draft
    assert taken.draft.stage is Stage.COLLECTING
    assert taken.draft.fields["content"].value == "噪音扰民归谁管"


def test_a_menu_offers_the_entries_and_a_way_out(talk: Talk) -> None:
    decision = talk("ask", "卡的事")
    assert decision.status is Status.MENU
    assert options_of(decision) == ["entry:card", "entry:heat", "none"]
    assert text_of(decision) == "您是想问："


@pytest.mark.parametrize(
    "typed",
    ["2", "２", "第二个", "选2", "选第二个", "二", "暖气不热怎么报修", "暖气不热怎么报修？"],
)
def test_typing_an_option_equals_tapping_it(talk: Talk, typed: str) -> None:
    talk("ask", "卡的事")
    decision = talk("ask", typed)
    assert decision.status is Status.ANSWERED
    assert decision.replies[0].entry == "heat"


@pytest.mark.parametrize("said", ["都不是", "3", "以上都不是"])
def test_none_of_the_menu_is_said_honestly_and_keeps_the_question(talk: Talk, said: str) -> None:
    talk("ask", "卡的事")
    decision = talk("deny", said)
    assert decision.status is Status.NO_ARTICLE
    assert options_of(decision) == ["complain", "agent"]
    assert talk("", choice="complain").draft.fields["content"].value == "卡的事"  # type: ignore[union-attr]


def test_a_number_means_nothing_when_nothing_was_offered(talk: Talk) -> None:
    decision = talk("choose", "2")
    assert decision.status is Status.NOT_UNDERSTOOD


def test_what_nobody_knows_is_not_made_up(talk: Talk) -> None:
    decision = talk("ask", "火星移民怎么办理")
    assert decision.status is Status.NO_ARTICLE
    assert options_of(decision) == ["complain", "agent"]
    assert not any(reply.entry for reply in decision.replies)


def test_what_was_not_understood_is_not_answered(talk: Talk) -> None:
    decision = talk("nlu_fallback", "嗯哪个那个")
    assert decision.status is Status.NOT_UNDERSTOOD
    assert options_of(decision) == ["complain", "agent"]


def test_an_index_that_is_down_is_said_to_be_down(talk: Talk, knowledge: FakeKnowledge) -> None:
    knowledge.is_down = True
    decision = talk("ask", "社保卡丢了怎么补？")
    assert decision.status is Status.ERROR_INDEX
    assert "agent" in options_of(decision)


def test_complaints_are_taken_while_the_index_is_down(talk: Talk, knowledge: FakeKnowledge) -> None:
    knowledge.is_down = True
    assert talk("complain", "路灯坏了没人管吗？").status is Status.ASKED


def test_an_entry_that_was_withdrawn_meanwhile_is_not_shown(
    talk: Talk, knowledge: FakeKnowledge
) -> None:
    talk("ask", "卡的事")
    del knowledge.entries["heat"]
    decision = talk("", choice="entry:heat")
    assert decision.status is Status.STALE
    assert not any(reply.entry for reply in decision.replies)


def test_a_question_that_sounds_like_a_complaint_is_answered_when_it_is_known(talk: Talk) -> None:
    decision = talk("complain", "学校说没学位转不进去咋办")
    assert decision.status is Status.ANSWERED


def test_a_letter_that_fits_no_entry_becomes_a_case(talk: Talk) -> None:
    letter = "尊敬的领导，我们楼下的店面夜里一直噪音扰民，" + "多次找过物业也没有结果，" * 5
    for intent in ("ask", "inform", "nlu_fallback"):
        talk.draft = None
        decision = talk(intent, letter)
        assert decision.status is Status.ASKED, intent
        assert decision.draft
        assert decision.draft.stage is Stage.COLLECTING


def test_an_entry_picked_from_an_old_menu_does_not_end_the_complaint(talk: Talk) -> None:
    talk("complain", "楼下路灯坏了")
    decision = talk("", choice="entry:card")
    assert decision.replies[0].entry == "card"
    assert "在哪里" in decision.replies[-1].text
    assert decision.draft
    assert decision.draft.stage is Stage.COLLECTING


def test_only_a_question_about_a_wrong_offers_to_take_it_down(
    talk: Talk, knowledge: FakeKnowledge
) -> None:
    knowledge.answers["暖气不热怎么报修"] = Found(answer=HEAT)
    assert "complain" in options_of(talk("ask", "暖气不热怎么报修"))
    talk.draft, talk.offered = None, ()
    assert "complain" not in options_of(talk("ask", "社保卡丢了怎么补？"))


def test_a_half_sentence_that_an_entry_is_asked_by_is_answered(
    talk: Talk, knowledge: FakeKnowledge
) -> None:
    knowledge.same["路灯不亮"] = HEAT
    knowledge.answers["路灯灭了"] = Found(answer=HEAT)
    assert talk("complain", "路灯不亮").status is Status.ANSWERED
    talk.draft, talk.offered = None, ()
    assert talk("complain", "路灯灭了").status is Status.ASKED
