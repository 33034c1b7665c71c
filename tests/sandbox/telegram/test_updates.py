"""How updates reach a bot: the secret, the order, the retries, and polling."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx

from sandbox.telegram.mailbox import SECRET_HEADER
from tests.sandbox.conftest import BOT, Gateway, never, says

CITIZEN = f"/control/telegram/{BOT.id}/citizens/700001"
API = f"/bot{BOT.bot_token}"


async def say(sandbox: httpx.AsyncClient, text: str = "你好") -> dict[str, Any]:
    content: dict[str, Any] = (
        await sandbox.post(f"{CITIZEN}/messages", json={"text": text})
    ).json()
    return content


async def call(sandbox: httpx.AsyncClient, method: str, **parameters: Any) -> dict[str, Any]:
    content: dict[str, Any] = (await sandbox.post(f"{API}/{method}", data=parameters)).json()
    return content


def updates(gateway: Gateway) -> list[dict[str, Any]]:
    return [json.loads(request.content) for request in gateway.requests]


async def test_a_message_arrives_with_the_secret(
    sandbox: httpx.AsyncClient, gateway: Gateway
) -> None:
    gateway.answers = [says(b"")]
    said = await say(sandbox)
    assert (said["delivered"], said["tries"]) == (True, 1)
    request = gateway.requests[0]
    assert request.url.path == f"/telegram/{BOT.id}"
    assert request.headers[SECRET_HEADER] == BOT.secret_token
    message = updates(gateway)[0]["message"]
    assert message["text"] == "你好"
    assert message["chat"] == {"id": 700001, "first_name": "市民 0001", "type": "private"}
    assert message["message_id"] == said["message_id"]


async def test_a_start_is_a_command(sandbox: httpx.AsyncClient, gateway: Gateway) -> None:
    await say(sandbox, "/start 42")
    entities = updates(gateway)[0]["message"]["entities"]
    assert entities == [{"type": "bot_command", "offset": 0, "length": 6}]


async def test_any_2xx_takes_an_update(sandbox: httpx.AsyncClient, gateway: Gateway) -> None:
    gateway.answers = [says(b"", 204)]
    assert (await say(sandbox))["delivered"] is True


async def test_an_update_that_is_not_taken_comes_again_unchanged(
    sandbox: httpx.AsyncClient, gateway: Gateway
) -> None:
    gateway.answers = [says(b"", 500), never, says(b"", 302), says(b"")]
    said = await say(sandbox)
    assert (said["delivered"], said["tries"]) == (True, 4)
    assert len({request.content for request in gateway.requests}) == 1


async def test_a_chats_messages_wait_for_each_other(
    sandbox: httpx.AsyncClient, gateway: Gateway
) -> None:
    gateway.answers = [says(b"", 500), says(b"", 500), says(b"")]
    await asyncio.gather(say(sandbox, "一"), say(sandbox, "二"))
    texts = [update["message"]["text"] for update in updates(gateway)]
    assert texts in (["一", "一", "一", "二"], ["二", "二", "二", "一"])


async def test_the_last_error_is_told(sandbox: httpx.AsyncClient, gateway: Gateway) -> None:
    gateway.answers = [says(b"", 500), says(b"")]
    await say(sandbox)
    info = (await call(sandbox, "getWebhookInfo"))["result"]
    assert info["last_error_message"] == (
        "Wrong response from the webhook: 500 Internal Server Error"
    )
    assert info["pending_update_count"] == 0


async def test_a_button_press_expires_and_a_message_does_not(
    sandbox: httpx.AsyncClient, gateway: Gateway
) -> None:
    await call(sandbox, "deleteWebhook")
    message = asyncio.create_task(say(sandbox, "留着"))
    press = asyncio.create_task(
        sandbox.post(f"{CITIZEN}/taps", json={"message_id": 1, "data": "a"})
    )
    await asyncio.sleep(0.05)
    await sandbox.post("/control/clock", json={"seconds": 151})
    await call(sandbox, "setWebhook", url="http://localhost/hook")
    assert (await message)["delivered"] is True
    assert (await press).json()["delivered"] is False
    assert [list(update)[1] for update in updates(gateway)] == ["message"]


async def test_a_webhook_may_ask_for_a_call_in_its_answer(
    sandbox: httpx.AsyncClient, gateway: Gateway
) -> None:
    reply = {"method": "sendMessage", "chat_id": 700001, "text": "当场答"}
    gateway.answers = [says(json.dumps(reply).encode())]
    await say(sandbox)
    entries = (await sandbox.get(f"{CITIZEN}/chat")).json()["entries"]
    assert [entry["text"] for entry in entries] == ["你好", "当场答"]


async def test_kinds_that_were_not_asked_for_are_dropped_and_the_setting_stays(
    sandbox: httpx.AsyncClient, gateway: Gateway
) -> None:
    url = "http://127.0.0.1/hook"
    await call(sandbox, "setWebhook", url=url, allowed_updates='["callback_query"]')
    assert (await say(sandbox))["update_id"] is None
    await call(sandbox, "setWebhook", url=url)
    assert (await say(sandbox))["update_id"] is None
    await call(sandbox, "setWebhook", url=url, allowed_updates="[]")
    assert (await say(sandbox))["delivered"] is True


async def test_a_webhook_needs_https_and_a_plain_secret(sandbox: httpx.AsyncClient) -> None:
    refused = await call(sandbox, "setWebhook", url="http://hotline.example/hook")
    assert refused["description"].startswith("Bad Request: bad webhook")
    refused = await call(sandbox, "setWebhook", url="https://a.example", secret_token="a b")
    assert "unallowed characters" in refused["description"]


async def test_polling_confirms_by_offset(sandbox: httpx.AsyncClient, gateway: Gateway) -> None:
    await call(sandbox, "deleteWebhook")
    saying = asyncio.create_task(say(sandbox))
    polled = (await call(sandbox, "getUpdates", timeout=5))["result"]
    assert [update["message"]["text"] for update in polled] == ["你好"]
    again = (await call(sandbox, "getUpdates"))["result"]
    assert again == polled
    assert (await call(sandbox, "getUpdates", offset=polled[0]["update_id"] + 1))["result"] == []
    assert (await saying)["delivered"] is True
    assert gateway.requests == []


async def test_polling_and_a_webhook_exclude_each_other(sandbox: httpx.AsyncClient) -> None:
    refused = await call(sandbox, "getUpdates")
    assert refused["error_code"] == 409
    assert "webhook is active" in refused["description"]


async def test_of_two_pollers_the_older_is_told_to_go(sandbox: httpx.AsyncClient) -> None:
    await call(sandbox, "deleteWebhook")
    older = asyncio.create_task(call(sandbox, "getUpdates", timeout=5))
    await asyncio.sleep(0.05)
    newer = asyncio.create_task(call(sandbox, "getUpdates", timeout=1))
    refused = await older
    assert refused["error_code"] == 409
    assert "only one bot instance" in refused["description"]
    assert (await newer)["result"] == []


async def test_leaving_and_coming_back_is_told(
    sandbox: httpx.AsyncClient, gateway: Gateway
) -> None:
    await sandbox.post(f"{CITIZEN}/events", json={"event": "block"})
    await sandbox.post(f"{CITIZEN}/events", json={"event": "unblock"})
    statuses = [
        update["my_chat_member"]["new_chat_member"]["status"] for update in updates(gateway)
    ]
    assert statuses == ["kicked", "member"]


async def test_a_correction_keeps_the_messages_number(
    sandbox: httpx.AsyncClient, gateway: Gateway
) -> None:
    number = (await say(sandbox, "三号楼"))["message_id"]
    await sandbox.post(f"{CITIZEN}/messages", json={"text": "四号楼", "edits": number})
    edited = updates(gateway)[-1]["edited_message"]
    assert (edited["message_id"], edited["text"]) == (number, "四号楼")
    assert edited["edit_date"] >= edited["date"]


async def test_a_forwarded_contact_is_not_the_citizens_own(
    sandbox: httpx.AsyncClient, gateway: Gateway
) -> None:
    await sandbox.post(f"{CITIZEN}/messages", json={"kind": "contact", "contact_of": 700001})
    await sandbox.post(f"{CITIZEN}/messages", json={"kind": "contact"})
    own, foreign = [update["message"]["contact"] for update in updates(gateway)]
    assert own["user_id"] == 700001
    assert "user_id" not in foreign
