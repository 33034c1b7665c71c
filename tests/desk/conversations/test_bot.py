import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from actions.protocol import Decision, Reply, Status, Turn
from desk.conversations.bot import FAILURES_TO_REST, BotUnavailable, Rasa, RasaFirst
from tests.ports import free_port

TURN = Turn(
    id="m1",
    text="居住证怎么办",
    hotline="12345",
    channel="wechat",
    now=datetime(2026, 3, 2, tzinfo=UTC),
)
DECISION = {"status": "answered", "intent": "ask", "replies": [{"text": "到派出所办理。"}]}


class Server:
    """Stands where Rasa's webhook stands."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.status, self.body = 200, json.dumps([{"custom": DECISION}])


@pytest.fixture
def rasa() -> Iterator[tuple[Server, str]]:
    server = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            server.asked.append(json.loads(self.rfile.read(length)) | {"path": self.path})
            body = server.body.encode()
            self.send_response(server.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        yield server, f"http://127.0.0.1:{http.server_port}"
        http.shutdown()
        thread.join()


def test_a_turn_goes_to_rasa_and_its_decision_comes_back(rasa: tuple[Server, str]) -> None:
    server, address = rasa
    decision = Rasa(address).turn(TURN)
    assert decision.replies == (Reply(text="到派出所办理。"),)
    [asked] = server.asked
    assert asked["path"] == "/webhooks/rest/webhook"
    assert asked["message"] == "居住证怎么办"
    assert asked["metadata"]["now"] == "2026-03-02T00:00:00Z"


@pytest.mark.parametrize(
    ("status", "body"),
    [(200, "[]"), (502, "[]"), (200, "not json"), (200, '[{"text": "好的"}]'), (200, "{}")],
)
def test_what_is_no_decision_is_a_failure(rasa: tuple[Server, str], status: int, body: str) -> None:
    server, address = rasa
    server.status, server.body = status, body
    with pytest.raises(BotUnavailable):
        Rasa(address).turn(TURN)


def test_a_rasa_that_fails_again_and_again_is_not_asked_for_a_while(
    rasa: tuple[Server, str],
) -> None:
    server, address = rasa
    server.status = 500
    bot = Rasa(address)
    for _ in range(FAILURES_TO_REST + 2):
        with pytest.raises(BotUnavailable):
            bot.turn(TURN)
    assert len(server.asked) == FAILURES_TO_REST


def test_without_rasa_the_own_bot_answers() -> None:
    class Own:
        def turn(self, turn: Turn) -> Decision:
            return Decision(status=Status.ANSWERED, intent="ask", replies=(Reply(text="自己答"),))

    nowhere = f"http://127.0.0.1:{free_port()}"
    assert RasaFirst(Rasa(nowhere), Own()).turn(TURN).replies[0].text == "自己答"
