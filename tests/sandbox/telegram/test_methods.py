"""The Bot API as the sender meets it: limits, buttons, files and refusals."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.sandbox.conftest import BOT, Gateway

CITIZEN = f"/control/telegram/{BOT.id}/citizens/700001"
API = f"/bot{BOT.bot_token}"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


async def call(sandbox: httpx.AsyncClient, method: str, **parameters: Any) -> httpx.Response:
    return await sandbox.post(f"{API}/{method}", data={"chat_id": 700001, **parameters})


async def say(sandbox: httpx.AsyncClient, text: str = "你好") -> None:
    assert (await sandbox.post(f"{CITIZEN}/messages", json={"text": text})).status_code == 200


async def last(sandbox: httpx.AsyncClient) -> dict[str, Any]:
    entry: dict[str, Any] = (await sandbox.get(f"{CITIZEN}/chat")).json()["entries"][-1]
    return entry


def keyboard(*data: str) -> str:
    return json.dumps({"inline_keyboard": [[{"text": one, "callback_data": one} for one in data]]})


@pytest.mark.parametrize("form", ["form", "json", "multipart", "query"])
async def test_parameters_are_taken_in_every_form(sandbox: httpx.AsyncClient, form: str) -> None:
    await say(sandbox)
    values = {"chat_id": "700001", "text": "好"}
    match form:
        case "form":
            answer = await sandbox.post(f"{API}/sendMessage", data=values)
        case "json":
            answer = await sandbox.post(f"{API}/sendMessage", json=values)
        case "multipart":
            parts = {name: (None, value) for name, value in values.items()}
            answer = await sandbox.post(f"{API}/sendMessage", files=parts)
        case _:
            answer = await sandbox.get(f"{API}/sendMessage", params=values)
    assert answer.json()["result"]["text"] == "好"
    assert (await last(sandbox))["text"] == "好"


@pytest.mark.parametrize(
    ("text", "description"),
    [
        ("好" * 4096, ""),
        ("好" * 4097, "Bad Request: message is too long"),
        ("😀" * 2049, "Bad Request: message is too long"),
        ("好" * 11000, "Bad Request: Text is too long"),
        (" \n", "Bad Request: message text is empty"),
    ],
)
async def test_a_text_has_1_to_4096_units(
    sandbox: httpx.AsyncClient, text: str, description: str
) -> None:
    await say(sandbox)
    answer = await call(sandbox, "sendMessage", text=text)
    assert answer.json().get("description", "") == description
    assert answer.status_code == (400 if description else 200)


async def test_message_numbers_rise(sandbox: httpx.AsyncClient) -> None:
    await say(sandbox)
    numbers = [
        (await call(sandbox, "sendMessage", text="好")).json()["result"]["message_id"]
        for _ in range(4)
    ]
    assert numbers == sorted(set(numbers))


async def test_who_never_wrote_cannot_be_written_to(sandbox: httpx.AsyncClient) -> None:
    answer = await call(sandbox, "sendMessage", text="好")
    assert (answer.status_code, answer.json()["description"]) == (
        400,
        "Bad Request: chat not found",
    )


async def test_who_blocked_the_bot_is_out_of_reach(sandbox: httpx.AsyncClient) -> None:
    await say(sandbox)
    await sandbox.post(f"{CITIZEN}/events", json={"event": "block"})
    answer = await call(sandbox, "sendMessage", text="好")
    assert answer.status_code == 403
    assert answer.json()["description"] == "Forbidden: bot was blocked by the user"


@pytest.mark.parametrize(
    ("path", "status"),
    [("/botwrong/getMe", 404), ("/bot4200001:other/getMe", 401), (f"{API}/sendDice", 404)],
)
async def test_a_wrong_token_or_method_is_told_apart(
    sandbox: httpx.AsyncClient, path: str, status: int
) -> None:
    answer = await sandbox.post(path)
    assert (answer.status_code, answer.json()["error_code"]) == (status, status)


async def test_a_button_can_be_pressed_and_answered_once(
    sandbox: httpx.AsyncClient, gateway: Gateway
) -> None:
    await say(sandbox)
    sent = (await call(sandbox, "sendMessage", text="选", reply_markup=keyboard("a", "b"))).json()
    taps = (await last(sandbox))["taps"]
    assert [tap["label"] for tap in taps] == ["a", "b"]
    number = sent["result"]["message_id"]
    await sandbox.post(f"{CITIZEN}/taps", json={"message_id": number, "data": "b"})
    query = json.loads(gateway.requests[-1].content)["callback_query"]
    assert (query["data"], query["message"]["message_id"]) == ("b", number)
    assert (await call(sandbox, "answerCallbackQuery", callback_query_id=query["id"])).is_success
    again = await call(sandbox, "answerCallbackQuery", callback_query_id=query["id"])
    assert again.json()["description"].startswith("Bad Request: query is too old")


@pytest.mark.parametrize(("data", "fits"), [("字" * 21 + "x", True), ("字" * 21 + "xx", False)])
async def test_a_buttons_data_has_at_most_64_bytes(
    sandbox: httpx.AsyncClient, data: str, fits: bool
) -> None:
    await say(sandbox)
    answer = await call(sandbox, "sendMessage", text="选", reply_markup=keyboard(data))
    assert answer.is_success is fits


async def test_a_reply_keyboard_stays_until_it_is_taken_away(sandbox: httpx.AsyncClient) -> None:
    await say(sandbox)
    markup = json.dumps({"keyboard": [["我的工单"], [{"text": "位置", "request_location": True}]]})
    await call(sandbox, "sendMessage", text="选", reply_markup=markup)
    await call(sandbox, "sendMessage", text="好")
    shown = (await sandbox.get(f"{CITIZEN}/chat")).json()["keyboard"]
    assert [[button["text"] for button in row] for row in shown] == [["我的工单"], ["位置"]]
    await call(sandbox, "sendMessage", text="完", reply_markup='{"remove_keyboard":true}')
    assert (await sandbox.get(f"{CITIZEN}/chat")).json()["keyboard"] == []


async def test_an_unchanged_edit_is_refused_and_a_changed_one_is_seen(
    sandbox: httpx.AsyncClient,
) -> None:
    await say(sandbox)
    number = (await call(sandbox, "sendMessage", text="旧")).json()["result"]["message_id"]
    same = await call(sandbox, "editMessageText", message_id=number, text="旧")
    assert "message is not modified" in same.json()["description"]
    assert (await call(sandbox, "editMessageText", message_id=number, text="新")).is_success
    assert (await last(sandbox))["text"] == "新"
    missing = await call(sandbox, "editMessageText", message_id=number + 99, text="新")
    assert missing.json()["description"] == "Bad Request: message to edit not found"


async def test_a_picture_can_be_fetched_by_its_last_size(
    sandbox: httpx.AsyncClient, gateway: Gateway
) -> None:
    await sandbox.post(f"{CITIZEN}/pictures", content=PNG)
    photo = json.loads(gateway.requests[0].content)["message"]["photo"]
    found = await call(sandbox, "getFile", file_id=photo[-1]["file_id"])
    path = found.json()["result"]["file_path"]
    assert (await sandbox.get(f"/file{API}/{path}")).content == PNG
    assert (await sandbox.get(f"/file/bot4200001:other/{path}")).status_code == 401
    unknown = await call(sandbox, "getFile", file_id="nope")
    assert unknown.json()["description"].startswith("Bad Request: wrong file_id")


async def test_formatting_that_is_not_modelled_is_refused(sandbox: httpx.AsyncClient) -> None:
    await say(sandbox)
    assert (await call(sandbox, "sendMessage", text="<b>好</b>", parse_mode="HTML")).is_error


async def test_too_many_names_the_wait(sandbox: httpx.AsyncClient) -> None:
    await say(sandbox)
    fault = {"kind": "code", "endpoint": "sendMessage", "code": 429, "seconds": 7}
    await sandbox.post(f"/control/telegram/{BOT.id}/faults", json=fault)
    answer = await call(sandbox, "sendMessage", text="好")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "7"
    assert answer.json()["parameters"] == {"retry_after": 7}
    assert (await call(sandbox, "sendMessage", text="好")).is_success
