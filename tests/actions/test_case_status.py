from actions.protocol import EffectKind, Status
from tests.actions.a_talk import Talk, text_of


def test_the_router_fills_in_the_cases(talk: Talk) -> None:
    decision = talk("case_status", "查进度")
    assert decision.status is Status.TOLD_STATE
    assert "{cases}" in text_of(decision)
    assert decision.effects == ()


def test_looking_up_a_case_does_not_end_the_complaint(talk: Talk) -> None:
    talk("complain", "楼下路灯坏了")
    decision = talk("case_status", "我之前的工单怎么样了")
    assert "{cases}" in text_of(decision)
    assert "在哪里" in text_of(decision)
    assert decision.draft


def test_a_push_names_the_case_that_the_citizen_named(talk: Talk) -> None:
    decision = talk("case_status", "催一下202611240032")
    (effect,) = decision.effects
    assert effect.kind is EffectKind.CHASE
    assert effect.data == {"number": "202611240032"}
    assert "{number}" in effect.done.text
    assert "{number}" not in effect.failed.text


def test_a_push_without_a_number_means_the_latest(talk: Talk) -> None:
    assert talk("case_status", "催办").effects[0].data == {}
