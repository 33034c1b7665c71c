"""One thing that the citizen did not say is asked back, and what they say to it is understood."""

from __future__ import annotations

import pytest

from actions.knowledge import AskedBack, Found
from actions.protocol import Status
from tests.actions.a_talk import AnEntry, FakeKnowledge, Talk, options_of, text_of

LOCAL = AnEntry("local", "本市户籍老人怎么申领优待证", "到社区居委会申领。")
ELSEWHERE = AnEntry("else", "外地户籍老人怎么申领优待证", "到居住地街道申领。")
ASKED = "老人优待证怎么申领"
QUESTION = "您是本市户籍还是外地户籍？"


@pytest.fixture(autouse=True)
def twins(knowledge: FakeKnowledge) -> None:
    knowledge.entries |= {entry.external_id: entry for entry in (LOCAL, ELSEWHERE)}
    ways = (("本市户籍", LOCAL), ("外地户籍", ELSEWHERE))
    knowledge.answers[ASKED] = Found(
        asked_back=AskedBack(QUESTION, ways), reason="ask_back:household"
    )


def test_it_is_asked_with_its_reason_and_each_value_to_tap(talk: Talk) -> None:
    decision = talk("ask", ASKED)
    assert (decision.status, decision.reason) == (Status.ASK_BACK, "ask_back:household")
    assert text_of(decision) == QUESTION
    assert options_of(decision) == ["entry:local", "entry:else", "none"]
    assert [option.label for option in decision.replies[0].options][:2] == ["本市户籍", "外地户籍"]


def test_a_tap_leads_to_the_answer(talk: Talk) -> None:
    talk("ask", ASKED)
    decision = talk("", choice="entry:else")
    assert decision.status is Status.ANSWERED
    assert decision.replies[0].entry == "else"


@pytest.mark.parametrize(
    ("said", "entry"),
    [
        ("外地的", "else"),
        ("我是外地户口", "else"),
        ("不是本地户口", "else"),
        ("本市的户口", "local"),
        ("2", "else"),
        ("本市户籍", "local"),
    ],
)
@pytest.mark.parametrize("intent", ["inform", "ask", "complain"])
def test_so_do_the_words_for_it_whatever_the_classifier_makes_of_them(
    talk: Talk, said: str, entry: str, intent: str
) -> None:
    talk("ask", ASKED)
    decision = talk(intent, said)
    assert decision.status is Status.ANSWERED
    assert decision.replies[0].entry == entry


def test_a_question_of_its_own_is_not_taken_for_a_value(talk: Talk) -> None:
    talk("ask", ASKED)
    assert talk("ask", "社保卡丢了怎么补？").replies[0].entry == "card"


def test_a_value_within_more_words_is_taken_when_nothing_else_is_known(talk: Talk) -> None:
    talk("ask", ASKED)
    decision = talk("ask", "我妈户口在外地，现在跟我住在这边")
    assert decision.replies[0].entry == "else"


def test_none_of_them_leads_on(talk: Talk) -> None:
    talk("ask", ASKED)
    assert "agent" in options_of(talk("", choice="none"))


def test_a_value_that_nobody_asked_for_leads_nowhere(talk: Talk) -> None:
    assert talk("ask", "外地的").status is not Status.ANSWERED
