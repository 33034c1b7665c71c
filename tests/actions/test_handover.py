import pytest

from actions.decide import INTENTS
from actions.protocol import EffectKind, Stage, Status
from tests.actions.a_talk import Talk, options_of, text_of


def test_a_person_is_promised_only_when_the_desk_has_one(talk: Talk) -> None:
    decision = talk("request_agent", "转人工")
    assert decision.replies == ()
    (effect,) = decision.effects
    assert effect.kind is EffectKind.REQUEST_AGENT
    assert "{position}" in effect.done.text
    assert "没有坐席值班" in effect.failed.text


def test_asking_for_a_person_keeps_the_complaint(talk: Talk) -> None:
    talk("complain", "楼下路灯坏了")
    decision = talk("request_agent", "转人工")
    assert decision.draft
    assert decision.draft.stage is Stage.COLLECTING
    failed = decision.effects[0].failed
    assert "接着登记" in failed.text
    assert [option.id for option in failed.options] == ["cancel_agent"]


def test_a_story_that_mentions_an_agent_is_no_request_for_one(talk: Talk) -> None:
    talk("complain", "我要投诉")
    decision = talk("request_agent", "公园人工湖的水又黑又臭已经一个多月没有人来清理过")
    assert decision.effects == ()
    assert decision.draft
    assert "人工湖" in decision.draft.fields["content"].value


@pytest.mark.parametrize("intent", [i for i in INTENTS if i not in ("cancel_agent", "give_up")])
def test_who_waits_hears_their_place_and_nothing_else(talk: Talk, intent: str) -> None:
    talk.waiting = True
    decision = talk(intent, "社保卡丢了怎么补？")
    assert decision.effects == ()
    assert "{position}" in text_of(decision)
    assert options_of(decision) == ["cancel_agent"]


def test_who_waits_is_not_answered_from_an_old_menu(talk: Talk) -> None:
    talk.waiting = True
    assert not any(reply.entry for reply in talk("", choice="entry:card").replies)


@pytest.mark.parametrize(
    ("intent", "text", "choice"),
    [
        ("cancel_agent", "不用转人工了", ""),
        ("give_up", "算了", ""),
        ("", "", "cancel_agent"),
    ],
)
def test_who_does_not_want_to_wait_leaves_the_queue(
    talk: Talk, intent: str, text: str, choice: str
) -> None:
    talk.waiting = True
    decision = talk(intent, text, choice)
    assert [effect.kind for effect in decision.effects] == [EffectKind.CANCEL_AGENT]


def test_leaving_the_queue_goes_back_to_the_complaint(talk: Talk) -> None:
    talk("complain", "楼下路灯坏了")
    talk("request_agent", "转人工")
    talk.waiting = True
    decision = talk("", choice="cancel_agent")
    assert "在哪里" in text_of(decision)
    assert decision.draft


def test_nobody_leaves_a_queue_they_are_not_in(talk: Talk) -> None:
    decision = talk("cancel_agent", "取消排队")
    assert decision.status is Status.SMALL_TALK
    assert decision.effects == ()
