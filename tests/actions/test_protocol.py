from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from actions.protocol import (
    Decision,
    Draft,
    Effect,
    EffectKind,
    Field,
    NotATurn,
    Reply,
    Stage,
    Status,
    Turn,
    Words,
    decision_from,
    turn_from,
)

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
PLACE = Field(value="六铺炕南小街", confidence=0.9, evidence=Words(message="m1", start=0, end=6))


def a_turn(draft: Draft | None = None, *, waiting: bool = False) -> Turn:
    return Turn(
        id="m2",
        text="昨晚十一点",
        hotline="12341",
        channel="wechat",
        now=NOON,
        draft=draft,
        waiting=waiting,
    )


def as_json(value: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(value))


def test_a_draft_with_its_evidence_survives_the_way_through_rasa() -> None:
    turn = a_turn(Draft(stage=Stage.COLLECTING, fields={"place": PLACE}, asked=("time",)))
    assert turn_from(as_json(turn)) == turn


def test_a_turn_without_a_draft_stands_at_no_stage() -> None:
    assert a_turn().stage is Stage.NONE


def test_a_citizen_who_waits_for_a_person_is_queueing_whatever_the_draft_says() -> None:
    assert a_turn(Draft(stage=Stage.CONFIRMING), waiting=True).stage is Stage.QUEUEING


def test_a_case_is_claimed_only_by_its_effect() -> None:
    decision = Decision(
        status=Status.CASE_OPENED,
        intent="affirm",
        effects=(
            Effect(
                kind=EffectKind.OPEN_CASE,
                done=Reply(text="已登记，工单号 {number}"),
                failed=Reply(text="没有登记上"),
            ),
        ),
    )
    assert decision_from([{"recipient_id": "c", "custom": as_json(decision)}]) == decision
    assert decision.replies == ()


@pytest.mark.parametrize(
    "reply",
    [
        [],
        None,
        {},
        [{"text": "hello"}],
        [{"custom": {}}],
        [{"custom": {"status": "invented", "intent": "ask"}}],
        [{"custom": {"status": "answered", "intent": "ask"}}] * 2,
    ],
)
def test_what_is_not_one_decision_is_a_failure(reply: Any) -> None:
    with pytest.raises(NotATurn):
        decision_from(reply)
