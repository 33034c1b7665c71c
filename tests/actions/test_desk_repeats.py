"""The desk is asked on loopback; when it cannot answer, nothing is known."""

import httpx
import msgspec
import pytest

from actions.desk_repeats import DeskRepeats
from actions.like_cases import Asked, Repeat

ASKED = Asked(hotline="12345", text="路灯坏了", place="德外大街", on="2026-03-18", citizen=7)
REPEAT = Repeat(number="202603170001", accepted_on="2026-03-17", state="办理中")


def _desk(answer: httpx.Response | Exception, seen: list[httpx.Request]) -> DeskRepeats:
    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return DeskRepeats("http://127.0.0.1:8001", transport=httpx.MockTransport(handle))


def test_what_the_desk_knows_is_told() -> None:
    seen: list[httpx.Request] = []
    body = msgspec.json.encode({"repeat": REPEAT})
    assert _desk(httpx.Response(200, content=body), seen).like(ASKED) == REPEAT
    (request,) = seen
    assert request.url.path == "/internal/repeats"
    assert msgspec.json.decode(request.content, type=Asked) == ASKED


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, content=b'{"repeat": null}'),
        httpx.Response(404),
        httpx.Response(500, content=b"oops"),
        httpx.Response(200, content=b"<html>"),
        httpx.ConnectError("nobody there"),
        httpx.ReadTimeout("busy"),
    ],
)
def test_a_desk_that_does_not_say_knows_of_nothing(answer: httpx.Response | Exception) -> None:
    assert _desk(answer, []).like(ASKED) is None
