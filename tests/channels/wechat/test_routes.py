from __future__ import annotations

import asyncio
import re
import time

import httpx
import pytest
from redis.asyncio import Redis

from channels.wechat.envelope import Envelope
from channels.wechat.signature import is_signed, signature_of
from tests.channels.desk_double import answering, entries_in, told, told_at_least
from tests.channels.wechat_double import (
    AES_KEY,
    APP_ID,
    GH,
    TOKEN,
    event_push,
    parsed,
    push,
    sealed,
    signed,
    text_push,
)
from wire.messages import DeliveryState, InboundKind, Option, Part

SAFE = "/wechat/12341-safe"
PLAIN = "/wechat/12341-wechat"


async def test_the_address_is_verified(gateway: str, http: httpx.AsyncClient) -> None:
    answer = await http.get(gateway + SAFE, params=signed() | {"echostr": "4375"})
    assert (answer.status_code, answer.text) == (200, "4375")
    forged = signed() | {"echostr": "4375", "signature": "0" * 40}
    assert (await http.get(gateway + SAFE, params=forged)).status_code == 403


async def test_a_citizen_gets_the_answer_in_the_same_exchange(
    gateway: str, http: httpx.AsyncClient, redis: Redis
) -> None:
    async with answering(redis, lambda message: [Part(text=f"问：{message.text}")]) as desk:
        answer = await push(http, gateway, text_push("居住证怎么办"))
        assert answer.status_code == 200
        xml = parsed(answer)
        assert xml.findtext("Content") == "问：居住证怎么办"
        assert (xml.findtext("ToUserName"), xml.findtext("FromUserName")) == ("o-citizen", GH)
        assert [delivery.state for delivery in await told_at_least(redis, 1)] == [
            DeliveryState.SENT
        ]
        (message,) = desk.received
        assert (message.kind, message.message_id) == (InboundKind.TEXT, "1")
        assert message.reply_by is not None
        assert 4 < (message.reply_by - message.received_at).total_seconds() <= 4.5


async def test_the_same_message_three_times_at_once_is_one_message_and_one_reply(
    gateway: str, http: httpx.AsyncClient, redis: Redis
) -> None:
    async with answering(redis, lambda _: [Part(text="一次")]):
        xml = text_push()
        answers = await asyncio.gather(*(push(http, gateway, xml) for _ in range(3)))
        assert len({answer.content for answer in answers}) == 1
        assert parsed(answers[0]).findtext("Content") == "一次"
        later = await push(http, gateway, xml)
        assert later.content == answers[0].content
        await asyncio.sleep(0.1)
    assert len(await entries_in(redis)) == 1
    assert len(await told(redis)) == 1


async def test_options_become_numbered_lines(
    gateway: str, http: httpx.AsyncClient, redis: Redis
) -> None:
    options = (Option(id="a", label="居住证"), Option(id="b", label="落户"))
    async with answering(redis, lambda _: [Part(text="您想问：", options=options)]):
        answer = await push(http, gateway, text_push())
    assert parsed(answer).findtext("Content") == "您想问：\n1. 居住证\n2. 落户"


async def test_when_a_person_owns_the_talk_the_exchange_ends_at_once(
    gateway: str, http: httpx.AsyncClient, redis: Redis
) -> None:
    async with answering(redis, lambda _: []):
        started = time.perf_counter()
        answer = await push(http, gateway, text_push())
    assert answer.text == "success"
    assert time.perf_counter() - started < 2


async def test_without_an_answer_in_time_the_exchange_ends_before_wechat_cuts_it(
    gateway: str, http: httpx.AsyncClient
) -> None:
    started = time.perf_counter()
    answer = await push(http, gateway, text_push())
    assert answer.text == "success"
    assert 4.3 < time.perf_counter() - started < 5


async def test_who_goes_away_leaves_the_answer_to_the_sender(
    gateway: str, http: httpx.AsyncClient, redis: Redis
) -> None:
    async with answering(redis, lambda _: None):
        with pytest.raises(httpx.ReadTimeout):
            await http.post(
                gateway + PLAIN, params=signed(), content=text_push().encode(), timeout=0.3
            )
    async with answering(redis, lambda _: [Part(text="晚了")]):
        await asyncio.sleep(0.5)
    assert await redis.keys("qm:claim:*") == []
    assert await told(redis) == []


async def test_a_retry_joins_the_wait_and_gets_the_reply(
    gateway: str, http: httpx.AsyncClient, redis: Redis
) -> None:
    xml = text_push()
    first = asyncio.create_task(push(http, gateway, xml))
    await asyncio.sleep(0.2)
    retry = asyncio.create_task(push(http, gateway, xml))
    await asyncio.sleep(0.2)
    async with answering(redis, lambda _: [Part(text="好了")]):
        answers = await asyncio.gather(first, retry)
    assert {parsed(answer).findtext("Content") for answer in answers} == {"好了"}


async def test_a_retry_whose_time_to_answer_is_over_is_told_so_at_once(
    gateway: str, http: httpx.AsyncClient
) -> None:
    xml = re.sub(r"<CreateTime>\d+", lambda _: f"<CreateTime>{int(time.time()) - 5}", text_push())
    assert (await push(http, gateway, xml)).text == "success"
    started = time.perf_counter()
    assert (await push(http, gateway, xml)).text == "success"
    assert time.perf_counter() - started < 2


async def test_in_safe_mode_the_answer_is_sealed_for_this_request(
    gateway: str, http: httpx.AsyncClient, redis: Redis
) -> None:
    async with answering(redis, lambda _: [Part(text="密文")]) as desk:
        query, body = sealed(text_push("你好"), nonce="415670741")
        answer = await http.post(gateway + SAFE, params=query, content=body)
        assert desk.received[0].text == "你好"
    outer = parsed(answer)
    encrypted = outer.findtext("Encrypt") or ""
    assert outer.findtext("Nonce") == "415670741"
    stamp = outer.findtext("TimeStamp") or ""
    assert is_signed(outer.findtext("MsgSignature") or "", TOKEN, stamp, "415670741", encrypted)
    inner = Envelope(APP_ID, TOKEN, (AES_KEY,)).open(encrypted).xml.decode()
    assert "<Content><![CDATA[密文]]></Content>" in inner


async def test_safe_mode_trusts_only_what_is_sealed(
    gateway: str, http: httpx.AsyncClient, redis: Redis
) -> None:
    plain = await http.post(gateway + SAFE, params=signed(), content=text_push("假").encode())
    assert plain.status_code == 403
    query, body = sealed(text_push("真"))
    right_but_not_for_the_body = query | {"msg_signature": query["signature"]}
    assert (
        await http.post(gateway + SAFE, params=right_but_not_for_the_body, content=body)
    ).status_code == 403
    right_but_with_a_wrong_signature = query | {"signature": "0" * 40}
    assert (
        await http.post(gateway + SAFE, params=right_but_with_a_wrong_signature, content=body)
    ).status_code == 403
    both = body.replace("<xml>", f"<xml>{text_push('假')[5:-6]}").replace(
        f"<ToUserName>{GH}</ToUserName><Encrypt>", "<Encrypt>"
    )
    async with answering(redis, lambda _: []) as desk:
        assert (await http.post(gateway + SAFE, params=query, content=both)).status_code == 200
        assert [message.text for message in desk.received] == ["真"]


async def test_a_message_for_another_account_is_refused(
    gateway: str, http: httpx.AsyncClient, redis: Redis
) -> None:
    stamp = str(int(time.time()))
    envelope = Envelope("wx-of-somebody-else", TOKEN, (AES_KEY,))
    body = envelope.seal(text_push(), 0, timestamp=int(stamp), nonce="n")
    found = httpx.Response(200, content=body)
    query = {
        "timestamp": stamp,
        "nonce": "n",
        "encrypt_type": "aes",
        "msg_signature": parsed(found).findtext("MsgSignature") or "",
    }
    assert (await http.post(gateway + SAFE, params=query, content=body)).status_code == 403
    assert await entries_in(redis) == []


_BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa">]><xml><MsgType>&a;</MsgType></xml>'


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 400),
        ("<xml>", 400),
        ("<xml></xml>", 400),
        ("<nothing/>", 400),
        (_BOMB, 400),
        (text_push().replace("<MsgId>1</MsgId>", ""), 400),
        (text_push(extra="<Content>twice</Content>"), 400),
        (text_push(extra="<MsgId>2</MsgId>"), 400),
        ("\x00\x01", 400),
        ("x" * 70_000, 413),
        ('{"MsgType": "text"}', 200),
    ],
)
async def test_bad_input_is_turned_away_and_never_a_fault(
    gateway: str, http: httpx.AsyncClient, redis: Redis, body: str, status: int
) -> None:
    answer = await http.post(gateway + PLAIN, params=signed(), content=body.encode())
    assert answer.status_code == status
    assert await entries_in(redis) == []


@pytest.mark.parametrize("body", ["<xml><Encrypt>x</Encrypt></xml>", "<xml/>", "junk", _BOMB])
async def test_bad_envelopes_are_turned_away(
    gateway: str, http: httpx.AsyncClient, body: str
) -> None:
    stamp = str(int(time.time()))
    query = signed() | {"msg_signature": signature_of(TOKEN, stamp, "n1", "x")}
    answer = await http.post(gateway + SAFE, params=query, content=body)
    assert answer.status_code in (400, 403)


async def test_a_body_without_a_length_is_cut_off_at_the_limit(
    gateway: str, http: httpx.AsyncClient
) -> None:
    async def chunks():  # type: ignore[no-untyped-def]
        for _ in range(100):
            yield b"x" * 1024

    answer = await http.post(gateway + PLAIN, params=signed(), content=chunks())
    assert answer.status_code == 413


async def test_forged_stale_and_unknown_are_turned_away(
    gateway: str, http: httpx.AsyncClient, redis: Redis
) -> None:
    xml = text_push().encode()
    forged = signed() | {"signature": "f" * 40}
    assert (await http.post(gateway + PLAIN, params=forged, content=xml)).status_code == 403
    assert (await http.post(gateway + PLAIN, content=xml)).status_code == 403
    stale = signed(int(time.time()) - 3600)
    assert (await http.post(gateway + PLAIN, params=stale, content=xml)).status_code == 403
    for account in ("nobody", "12341-web"):
        answer = await http.post(f"{gateway}/wechat/{account}", params=signed(), content=xml)
        assert answer.status_code == 404
    assert (await http.put(gateway + PLAIN, params=signed(), content=xml)).status_code == 405
    assert await entries_in(redis) == []


async def test_events_that_say_nothing_are_acknowledged_in_silence(
    gateway: str, http: httpx.AsyncClient, redis: Redis
) -> None:
    for event in ("LOCATION", "VIEW", "unsubscribe", "TEMPLATESENDJOBFINISH", "new_thing"):
        answer = await push(http, gateway, event_push(event, "x"))
        assert (answer.status_code, answer.text) == (200, "success")
    assert await entries_in(redis) == []


async def test_two_events_in_one_second_are_two_and_a_repeat_is_one(
    gateway: str, http: httpx.AsyncClient, redis: Redis
) -> None:
    now = int(time.time())
    async with answering(redis, lambda _: []):
        for key in ("menu_a", "menu_b", "menu_a"):
            await push(http, gateway, event_push("CLICK", key, created=now))
    assert sorted(message.choice for message in await entries_in(redis)) == ["menu_a", "menu_b"]


async def test_the_twenty_first_message_of_a_minute_gets_one_honest_line(
    gateway: str, http: httpx.AsyncClient, redis: Redis
) -> None:
    async with answering(redis, lambda _: []):
        answers = [await push(http, gateway, text_push(msg_id=str(number))) for number in range(22)]
        assert {answer.text for answer in answers[:20]} == {"success"}
        assert "没有收下" in (parsed(answers[20]).findtext("Content") or "")
        assert answers[21].text == "success"
        repeated = await push(http, gateway, text_push(msg_id="20"))
        assert "没有收下" in (parsed(repeated).findtext("Content") or "")
        other = await push(http, gateway, text_push(msg_id="99", citizen="o-other"))
        assert other.text == "success"
    assert len(await entries_in(redis)) == 21


async def test_the_first_part_goes_with_the_exchange_and_the_rest_is_left(
    gateway: str, http: httpx.AsyncClient, redis: Redis
) -> None:
    async with answering(redis, lambda _: [Part(text="第一"), Part(text="第二")]):
        answer = await push(http, gateway, text_push())
        await asyncio.sleep(0.1)
    assert parsed(answer).findtext("Content") == "第一"
    assert await told(redis) == []
    (claim,) = await redis.keys("qm:claim:*")
    assert await redis.hget(claim, "passive") == b"sent"
