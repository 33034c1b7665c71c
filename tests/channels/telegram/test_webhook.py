from __future__ import annotations

from typing import Any

import httpx
from redis.asyncio import Redis

from tests.channels.desk_double import entries_in
from wire.messages import InboundKind

RIGHT = {"x-telegram-bot-api-secret-token": "right"}
PATH = "/telegram/12341-telegram"


def an_update(number: int = 1, text: str = "路灯不亮") -> dict[str, Any]:
    return {
        "update_id": number,
        "message": {
            "message_id": number,
            "date": 1764000000,
            "chat": {"id": 5, "type": "private"},
            "from": {"id": 5, "is_bot": False, "first_name": "x"},
            "text": text,
        },
    }


def a_tap(number: int, data: str) -> dict[str, Any]:
    message = an_update()["message"]
    query = {"id": "q", "from": message["from"], "chat_instance": "1", "message": message}
    return {"update_id": number, "callback_query": query | {"data": data}}


async def test_an_update_is_kept_once_and_acknowledged_each_time(
    gateway: str, http: httpx.AsyncClient, redis: Redis
) -> None:
    for _ in range(2):
        answer = await http.post(gateway + PATH, json=an_update(), headers=RIGHT)
        assert (answer.status_code, answer.content) == (200, b"")
    (message,) = await entries_in(redis)
    assert (message.text, message.channel) == ("路灯不亮", "telegram")


async def test_without_the_secret_nothing_is_taken(
    gateway: str, http: httpx.AsyncClient, redis: Redis
) -> None:
    for headers in ({}, {"x-telegram-bot-api-secret-token": "wrong"}):
        answer = await http.post(gateway + PATH, json=an_update(), headers=headers)
        assert answer.status_code == 403
    assert (await http.get(gateway + PATH)).status_code == 405
    nobody = await http.post(f"{gateway}/telegram/nobody", json=an_update(), headers=RIGHT)
    assert nobody.status_code == 404
    assert await entries_in(redis) == []


async def test_a_bad_update_is_acknowledged_since_it_would_block_its_chat(
    gateway: str, http: httpx.AsyncClient, redis: Redis
) -> None:
    for body in (b"", b"junk", b'{"update_id": 1, "message": {}}'):
        answer = await http.post(gateway + PATH, content=body, headers=RIGHT)
        assert answer.status_code == 200
    too_large = await http.post(gateway + PATH, content=b"x" * 300_000, headers=RIGHT)
    assert too_large.status_code == 413
    assert await entries_in(redis) == []


async def test_a_tap_is_answered_at_once(
    gateway: str, http: httpx.AsyncClient, redis: Redis
) -> None:
    await redis.set("qm:telegram-option:12341-telegram:abc", "条目" * 40)
    answer = await http.post(gateway + PATH, json=a_tap(1, "long:abc"), headers=RIGHT)
    assert answer.json() == {"method": "answerCallbackQuery", "callback_query_id": "q"}
    (tap,) = await entries_in(redis)
    assert (tap.kind, tap.choice) == (InboundKind.CHOICE, "条目" * 40)


async def test_one_too_many_is_told_once(
    gateway: str, http: httpx.AsyncClient, redis: Redis
) -> None:
    answers = [
        await http.post(gateway + PATH, json=an_update(number), headers=RIGHT)
        for number in range(22)
    ]
    told = [answer.json() for answer in answers if answer.content]
    assert [call["method"] for call in told] == ["sendMessage"]
    assert "没有收下" in told[0]["text"]
    assert len(await entries_in(redis)) == 20
