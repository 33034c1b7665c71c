"""Rasa as a function: a message and its turn in, exactly one action's answer out."""

from typing import Any

import httpx
import msgspec
import pytest

from actions.decide import RULES
from actions.protocol import Decision, Stage, Status, decision_from
from tests.actions.a_talk import CARD
from tests.actions.test_decide import a_turn
from tests.bot.held_out import HELD_OUT
from tests.bot.rasa_process import ECHO, RasaProcess

# Rasa starts within the first test; on a busy machine that takes its time.
pytestmark = pytest.mark.timeout(300)

TURNS: dict[Stage, dict[str, Any]] = {
    Stage.NONE: {},
    Stage.COLLECTING: {"draft": {"stage": "collecting", "fields": {}}},
    Stage.CONFIRMING: {"draft": {"stage": "confirming", "fields": {}}},
    Stage.QUEUEING: {"draft": {"stage": "collecting", "fields": {}}, "waiting": True},
}


@pytest.mark.parametrize("stage", list(Stage))
def test_intent_and_stage_decide_exactly_one_action(rasa: RasaProcess, stage: Stage) -> None:
    seen = set()
    for texts in HELD_OUT.values():
        for text in (*texts[:4], "qwertyuiop"):
            asked = rasa.asked(text, **TURNS[stage])
            assert asked["stage"] == stage
            assert asked["action"] == RULES[stage][asked["intent"]]
            seen.add(asked["intent"])
    assert seen == set(RULES[stage]), "an intent that no sentence showed"


@pytest.mark.parametrize("stage", list(Stage))
def test_a_tapped_option_is_a_choice_whatever_the_words(rasa: RasaProcess, stage: Stage) -> None:
    asked = rasa.asked("我要投诉", choice="entry:card", **TURNS[stage])
    assert asked["intent"] == "choose"
    assert asked["confidence"] == 1.0
    assert asked["action"] == "action_choose"


@pytest.mark.parametrize(
    "text",
    [
        "/restart",
        " /restart",
        "\u3000/restart",
        "//restart",
        '/ask{"x":1}',
        '/ask{"stage": "queueing"}',
        "/session_start",
        "/back",
        "/request_agent",
        "/choose",
        "/nosuch",
        "/",
    ],
)
def test_a_slash_of_a_citizen_commands_nothing(rasa: RasaProcess, text: str) -> None:
    asked = rasa.asked(text)
    assert asked["confidence"] < 1.0
    assert asked["stage"] == "none"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "😂",
        "\x00",
        "\u202e工地",
        "\ud800",
        "<b>",
        "{phone}",
        "投诉" * 25_000,
        None,
        7,
        [],
    ],
)
def test_odd_input_still_ends_in_one_action(rasa: RasaProcess, text: Any) -> None:
    body = msgspec.json.encode({"sender": "s", "message": "@", "metadata": {ECHO: "yes"}})
    quoted = httpx.Request("POST", "http://x", json={"message": text}) if text != "\ud800" else None
    message = quoted.content[len('{"message":') : -1] if quoted else b'"\\ud800"'
    response = rasa.client.post(
        "/webhooks/rest/webhook",
        content=body.replace(b'"@"', message),
        headers={"content-type": "application/json"},
    )
    assert response.status_code == 200
    assert len(response.json()) == 1


def test_nothing_is_kept_so_a_turn_does_not_grow(rasa: RasaProcess) -> None:
    first = rasa.asked("社保卡丢了怎么补", sender="the-same")
    for _ in range(40):
        last = rasa.asked("社保卡丢了怎么补", sender="the-same")
    assert last["events"] == first["events"]


def test_an_action_that_fails_is_a_failure_and_no_empty_answer(rasa: RasaProcess) -> None:
    response = rasa.post("你好", {ECHO: "fail", "id": "m1"})
    assert response.status_code == 502
    assert response.json() == []


@pytest.mark.parametrize("metadata", [None, "turn", []])
def test_a_message_without_a_turn_is_refused(rasa: RasaProcess, metadata: Any) -> None:
    assert rasa.post("你好", metadata).status_code == 400


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/model"),
        ("POST", "/model/parse"),
        ("GET", "/conversations/x/tracker"),
        ("GET", "/domain"),
    ],
)
def test_the_management_api_is_closed(rasa: RasaProcess, method: str, path: str) -> None:
    assert rasa.client.request(method, path, json={"text": "/restart"}).status_code == 404


def test_a_decision_comes_back_whole(rasa: RasaProcess) -> None:
    decision = _decided(rasa, "社保卡丢了怎么补？", Stage.NONE)
    assert decision.status is Status.ANSWERED
    assert decision.replies[0].text.startswith(CARD.answer)


def test_a_complaint_goes_on_through_rasa_after_all_was_forgotten(rasa: RasaProcess) -> None:
    decision = _decided(rasa, "六铺炕南小街", Stage.COLLECTING)
    assert decision.draft
    assert decision.draft.fields["place"].value == "六铺炕南小街"
    assert decision.draft.fields["place"].evidence


def _decided(rasa: RasaProcess, text: str, stage: Stage) -> Decision:
    turn = msgspec.structs.replace(a_turn(stage), text=text)
    response = rasa.post(text, msgspec.to_builtins(turn))
    return decision_from(response.json())
