from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from typing import Any

import httpx
import msgspec
import pytest
import uvicorn
from redis.asyncio import Redis
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from channels.accept import Accept
from channels.accounts import Account, TelegramAccount
from channels.telegram.intake import TelegramIntake
from channels.telegram.polling import Poller
from channels.telegram.webhook import register
from tests.channels.conftest import BOT_TOKEN, Sending
from tests.channels.desk_double import an_outbound, entries_in, told_at_least
from tests.channels.serving import serving
from tests.channels.telegram.test_webhook import an_update
from wire.keys import MEDIA_WANTED, OUTBOUND
from wire.messages import FIELD, DeliveryState, Option, Outbound, Part, encode

JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 100


class BotApi:
    """The Bot API, as far as it is called. PTB sends forms, we send JSON."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.called_at: dict[str, list[float]] = defaultdict(list)
        self.answers: list[Response] = []
        self.updates: list[dict[str, Any]] = []
        self.address = ""

    async def call(self, request: Request) -> Response:
        method = request.path_params["method"]
        body = await self._body(request)
        self.calls.append((method, body))
        self.called_at[method].append(time.monotonic())
        if method == "getUpdates":
            await asyncio.sleep(0.02)
            later = [u for u in self.updates if u["update_id"] >= int(body["offset"])]
            return JSONResponse({"ok": True, "result": later})
        if method == "getFile":
            found = {"file_id": body["file_id"], "file_unique_id": "u", "file_size": len(JPEG)}
            return JSONResponse({"ok": True, "result": found | {"file_path": "photos/1.jpg"}})
        if self.answers:
            return self.answers.pop(0)
        sent = {"message_id": 1, "date": 1764000000, "chat": {"id": 5, "type": "private"}}
        shows = method in ("sendMessage", "sendPhoto", "sendDocument")
        return JSONResponse({"ok": True, "result": sent if shows else True})

    async def _body(self, request: Request) -> dict[str, Any]:
        if request.headers["content-type"].startswith("application/json"):
            return dict(await request.json())
        async with request.form() as form:  # a file by its name
            return {name: getattr(value, "filename", value) for name, value in form.items()}

    async def file(self, _request: Request) -> Response:
        return Response(JPEG)

    def of(self, method: str) -> list[dict[str, Any]]:
        return [body for name, body in self.calls if name == method]


@pytest.fixture
async def bot_api(accounts: dict[str, Account]) -> AsyncIterator[BotApi]:
    api = BotApi()
    app = Starlette(
        routes=[
            Route(f"/bot{BOT_TOKEN}/{{method}}", api.call, methods=["POST"]),
            Route(f"/file/bot{BOT_TOKEN}/photos/1.jpg", api.file),
        ]
    )
    config = uvicorn.Config(app, host="127.0.0.1", log_config=None, access_log=False)
    async with serving(config) as address:
        account = accounts["12341-telegram"]
        accounts[account.id] = msgspec.structs.replace(account, api_base=address)
        yield api


def refusal(status: int, description: str, **more: Any) -> Response:
    body = {"ok": False, "error_code": status, "description": description} | more
    return JSONResponse(body, status)


async def say(redis: Redis, **changes: Any) -> Outbound:
    outbound = an_outbound(account="12341-telegram", external_id="5", **changes)
    await redis.xadd(OUTBOUND, {FIELD: encode(outbound)})
    return outbound


async def test_words_go_out_with_a_button_for_each_option(
    redis: Redis, bot_api: BotApi, sending: Sending
) -> None:
    long_id = "条目" * 40
    options = (Option(id="entry-1", label="居住证"), Option(id=long_id, label="落户"))
    async with sending():
        await say(redis, parts=(Part(text="您想问：", options=options),))
        (delivery,) = await told_at_least(redis, 1)
    assert delivery.state is DeliveryState.SENT
    (sent,) = bot_api.of("sendMessage")
    assert (sent["chat_id"], sent["text"]) == ("5", "您想问：")
    rows = json.loads(sent["reply_markup"])["inline_keyboard"]
    assert rows[0] == [{"text": "居住证", "callback_data": "entry-1"}]
    data = rows[1][0]["callback_data"]
    assert len(data.encode()) <= 64
    assert (await redis.get(f"qm:telegram-option:12341-telegram:{data[5:]}")).decode() == long_id


async def test_a_long_text_is_cut_and_its_buttons_come_last(
    redis: Redis, bot_api: BotApi, sending: Sending
) -> None:
    text = "很长的一句话。" * 1000
    async with sending():
        await say(redis, parts=(Part(text=text, options=(Option(id="a", label="好"),)),))
        await told_at_least(redis, 1)
    sent = bot_api.of("sendMessage")
    assert "".join(body["text"] for body in sent) == text
    assert all(len(body["text"]) <= 4000 for body in sent)
    assert ["reply_markup" in body for body in sent] == [False, True]


@pytest.mark.parametrize(
    ("answer", "state", "reason"),
    [
        (refusal(403, "Forbidden: bot was blocked by the user"), DeliveryState.REFUSED, "403"),
        (refusal(400, "Bad Request: chat not found"), DeliveryState.REFUSED, "400"),
        (refusal(401, "Unauthorized"), DeliveryState.REFUSED, "401"),
        (refusal(500, "Internal Server Error"), DeliveryState.UNKNOWN, "no-answer"),
        (Response("<html>", 502), DeliveryState.UNKNOWN, "no-answer"),
        (Response("<html>", 200), DeliveryState.UNKNOWN, "no-answer"),
        (JSONResponse({"ok": True}), DeliveryState.UNKNOWN, "no-answer"),
    ],
)
async def test_errors_are_sorted_by_what_to_do_next(
    redis: Redis,
    bot_api: BotApi,
    sending: Sending,
    answer: Response,
    state: DeliveryState,
    reason: str,
) -> None:
    bot_api.answers = [answer]
    async with sending():
        await say(redis)
        (delivery,) = await told_at_least(redis, 1)
    assert (delivery.state, delivery.reason) == (state, reason)
    assert len(bot_api.of("sendMessage")) == 1


@pytest.mark.filterwarnings("ignore:.*retry_after.*")  # the library warns itself
async def test_too_many_requests_waits_as_long_as_it_is_told(
    redis: Redis, bot_api: BotApi, sending: Sending
) -> None:
    bot_api.answers = [refusal(429, "Too Many Requests", parameters={"retry_after": 1})]
    async with sending():
        await say(redis)
        (delivery,) = await told_at_least(redis, 1)
    assert delivery.state is DeliveryState.SENT
    first, second = bot_api.called_at["sendMessage"]
    assert second - first >= 0.95


async def test_a_photo_is_fetched(redis: Redis, bot_api: BotApi, sending: Sending) -> None:
    async with sending():
        entry = {"account": "12341-telegram", "message_id": "42-1", "platform_id": "f1"}
        await redis.xadd(MEDIA_WANTED, entry)
        (fetched,) = await told_at_least(redis, 1)
    assert (fetched.content_type, fetched.size) == ("image/jpeg", len(JPEG))


async def test_polling_confirms_only_what_is_kept(
    redis: Redis, bot_api: BotApi, accounts: dict[str, Account]
) -> None:
    bot_api.updates = [an_update(5, "一"), an_update(6, "二")]
    account = accounts["12341-telegram"]
    assert isinstance(account, TelegramAccount)
    async with httpx.AsyncClient() as http:
        poller = Poller(account, redis, TelegramIntake(redis, Accept(redis)), http)
        polling = asyncio.create_task(poller.run())
        async with asyncio.timeout(40):
            while not any(body.get("offset") == 7 for body in bot_api.of("getUpdates")):
                await asyncio.sleep(0.02)
        polling.cancel()
        await asyncio.gather(polling, return_exceptions=True)
    assert [message.text for message in await entries_in(redis)] == ["一", "二"]
    assert bot_api.calls[0][0] == "deleteWebhook"


async def test_the_webhook_is_registered_with_its_secret_until_it_is_taken(
    redis: Redis, bot_api: BotApi, accounts: dict[str, Account]
) -> None:
    bot_api.answers = [refusal(429, "Too Many Requests", parameters={"retry_after": 1})]
    account = accounts["12341-telegram"]
    assert isinstance(account, TelegramAccount)
    async with httpx.AsyncClient() as http:
        await asyncio.wait_for(register(account, "https://hotline.example", http), 40)
    first, second = bot_api.of("setWebhook")
    assert first == second
    assert second["url"] == "https://hotline.example/telegram/12341-telegram"
    assert second["secret_token"] == "right"
    assert "callback_query" in second["allowed_updates"]
