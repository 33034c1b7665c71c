from typing import Any

import httpx
import msgspec
import pytest

from actions.library import Library
from actions.protocol import Decision, Stage, Status, decision_from
from actions.serve import create_app
from tests.actions.a_talk import FakeKnowledge
from tests.actions.test_decide import a_turn


def a_call(action: str, intent: str, turn: Any) -> dict[str, Any]:
    """As Rasa sends it, without the parts that nobody reads."""
    return {
        "next_action": action,
        "sender_id": "once",
        "tracker": {
            "sender_id": "once",
            "latest_message": {
                "text": "",
                "intent": {"name": intent, "confidence": 0.9},
                "metadata": msgspec.to_builtins(turn),
            },
        },
        "version": "3.6.21",
    }


@pytest.fixture
def client(library: Library) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(create_app(library), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://actions")


async def test_an_action_answers_exactly_one_decision(client: httpx.AsyncClient) -> None:
    call = a_call("action_answer", "ask", a_turn(Stage.NONE, "社保卡丢了怎么补？"))
    body = (await client.post("/webhook", json=call)).json()
    assert body["events"] == [{"event": "pause"}]  # the turn ends here
    decision = decision_from(body["responses"])
    assert decision.status is Status.ANSWERED
    assert decision.intent == "ask"


@pytest.mark.parametrize(
    "call",
    [
        {},
        [],
        {"next_action": "action_answer"},
        a_call("action_answer", "ask", {}),
        a_call("action_answer", "ask", {"id": "m", "text": 1}),
    ],
)
async def test_what_is_no_turn_is_refused(client: httpx.AsyncClient, call: Any) -> None:
    assert (await client.post("/webhook", json=call)).status_code == 400


async def test_a_body_that_is_no_json_is_refused(client: httpx.AsyncClient) -> None:
    assert (await client.post("/webhook", content=b"\xff{")).status_code == 400


async def test_an_action_that_there_is_not_is_a_failure_and_no_answer(
    client: httpx.AsyncClient,
) -> None:
    call = a_call("action_invented", "ask", a_turn(Stage.NONE, "嗯"))
    assert (await client.post("/webhook", json=call)).status_code == 500


async def test_it_is_alive(client: httpx.AsyncClient) -> None:
    assert (await client.get("/healthz")).json() == {"status": "ok"}


async def test_a_turn_carries_the_decisions_evidence_over_the_wire(
    client: httpx.AsyncClient,
) -> None:
    call = a_call("action_take_case", "complain", a_turn(Stage.NONE, "六铺炕南小街路灯坏了"))
    decision: Decision = decision_from(
        (await client.post("/webhook", json=call)).json()["responses"]
    )
    assert decision.draft
    evidence = decision.draft.fields["place"].evidence
    assert evidence
    assert (evidence.start, evidence.end) == (0, 6)


async def test_an_index_that_is_down_is_still_an_answer(
    client: httpx.AsyncClient, knowledge: FakeKnowledge
) -> None:
    knowledge.is_down = True
    call = a_call("action_answer", "ask", a_turn(Stage.NONE, "社保卡丢了怎么补？"))
    decision = decision_from((await client.post("/webhook", json=call)).json()["responses"])
    assert decision.status is Status.ERROR_INDEX
