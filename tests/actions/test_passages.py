from __future__ import annotations

from dataclasses import replace

from actions.knowledge import Found
from actions.passages import SHOWN_WHOLE
from actions.protocol import Status
from kb_index.passages import Passage
from tests.actions.a_talk import AnEntry, FakeKnowledge, Talk, options_of, text_of

ABOUT = "公交线路对七十周岁以上的老人不收票款。"
FILLER = "本办法由各部门负责落实。"
ANSWER = FILLER * 40 + ABOUT + FILLER * 20
START = ANSWER.index(ABOUT)
POLICY = AnEntry(
    "policy", "惠民政策有哪些", ANSWER, passage=Passage(START, START + len(ABOUT), ABOUT)
)


def asked(talk: Talk, knowledge: FakeKnowledge, entry: AnEntry) -> str:
    knowledge.answers["老人坐公交要钱吗"] = Found(answer=entry)
    knowledge.entries["policy"] = replace(entry, passage=None)  # looked up without a question
    return text_of(talk("ask", "老人坐公交要钱吗"))


def test_of_a_long_answer_the_passage_is_shown_word_for_word(
    talk: Talk, knowledge: FakeKnowledge
) -> None:
    assert asked(talk, knowledge, POLICY) == f"…{ABOUT}…\n\n——区人力社保局｜来源：办事指南"


def test_the_whole_is_a_tap_away(talk: Talk, knowledge: FakeKnowledge) -> None:
    asked(talk, knowledge, POLICY)
    decision = talk("ask", "看全文")
    assert decision.status is Status.ANSWERED
    assert decision.replies[0].entry == "policy"
    assert text_of(decision).startswith(ANSWER)
    assert options_of(decision) == []


def test_nothing_is_marked_where_nothing_is_left_out(talk: Talk, knowledge: FakeKnowledge) -> None:
    head = ANSWER[:START]
    entry = replace(POLICY, passage=Passage(0, len(head), head))
    assert asked(talk, knowledge, entry).startswith(f"{head}…")


def test_an_answer_that_fits_one_message_is_shown_whole(
    talk: Talk, knowledge: FakeKnowledge
) -> None:
    answer = ANSWER[-SHOWN_WHOLE:]
    entry = replace(POLICY, answer=answer, passage=Passage(0, 12, answer[:12]))
    assert asked(talk, knowledge, entry).startswith(answer)
