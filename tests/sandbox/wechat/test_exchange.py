"""What a citizen's message does at the webhook, and what the citizen then sees."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from defusedxml.ElementTree import fromstring

from sandbox.wechat.envelope import decrypt, encrypt, sign
from sandbox.wechat.platform import FAULT_TEXT
from tests.sandbox.conftest import (
    OPENID,
    OWN_URL,
    PLAIN,
    SAFE,
    Gateway,
    never,
    replies,
    reply_xml,
    says,
)

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
CITIZEN = f"/control/wechat/{PLAIN.id}/citizens/{OPENID}"


async def say(sandbox: httpx.AsyncClient, text: str = "你好", **more: Any) -> dict[str, Any]:
    answer = await sandbox.post(f"{CITIZEN}/messages", json={"text": text, **more})
    assert answer.status_code == 200, answer.text
    content: dict[str, Any] = answer.json()
    return content


async def chat(sandbox: httpx.AsyncClient, citizen: str = CITIZEN) -> dict[str, Any]:
    content: dict[str, Any] = (await sandbox.get(f"{citizen}/chat")).json()
    return content


async def seen(sandbox: httpx.AsyncClient, citizen: str = CITIZEN) -> list[tuple[str, str]]:
    entries = (await chat(sandbox, citizen))["entries"]
    return [(entry["side"], entry.get("text", "")) for entry in entries]


async def test_a_passive_reply_is_seen(sandbox: httpx.AsyncClient, gateway: Gateway) -> None:
    gateway.answers = [replies("请拨 96069")]
    exchange = await say(sandbox, "暖气不热")
    assert exchange["passive"] == "请拨 96069"
    assert (exchange["tries"], exchange["fault"]) == (1, False)
    assert await seen(sandbox) == [("citizen", "暖气不热"), ("account", "请拨 96069")]


async def test_a_push_is_signed_and_addressed_as_wechat_does(
    sandbox: httpx.AsyncClient, gateway: Gateway
) -> None:
    exchange = await say(sandbox, "a]]>b & <c>")
    request = gateway.requests[0]
    query = request.url.params
    assert request.url.path == f"/wechat/{PLAIN.id}"
    assert query["signature"] == sign(PLAIN.token, query["timestamp"], query["nonce"])
    assert query["openid"] == OPENID
    push = gateway.pushed()
    assert push.findtext("ToUserName") == PLAIN.original_id
    assert push.findtext("Content") == "a]]>b & <c>"
    assert push.findtext("MsgId") == exchange["msg_id"]


@pytest.mark.parametrize("body", [b"", b"success"])
async def test_nothing_to_say_shows_nothing(
    sandbox: httpx.AsyncClient, gateway: Gateway, body: bytes
) -> None:
    gateway.answers = [says(body)]
    exchange = await say(sandbox)
    assert (exchange["passive"], exchange["fault"], exchange["tries"]) == (None, False, 1)
    assert await seen(sandbox) == [("citizen", "你好")]


async def test_silence_is_asked_three_times_with_the_same_push(
    sandbox: httpx.AsyncClient, gateway: Gateway
) -> None:
    gateway.answers = [never]
    exchange = await say(sandbox)
    assert (exchange["tries"], exchange["fault"]) == (3, True)
    assert len({(request.url, request.content) for request in gateway.requests}) == 1
    assert await seen(sandbox) == [("citizen", "你好"), ("system", FAULT_TEXT)]


async def test_a_retry_that_is_answered_saves_the_exchange(
    sandbox: httpx.AsyncClient, gateway: Gateway
) -> None:
    gateway.answers = [never, never, replies("来了")]
    exchange = await say(sandbox)
    assert (exchange["tries"], exchange["passive"], exchange["fault"]) == (3, "来了", False)


async def test_a_bad_answer_is_asked_four_times(
    sandbox: httpx.AsyncClient, gateway: Gateway
) -> None:
    gateway.answers = [says(b"success", 500)]
    assert (await say(sandbox))["tries"] == 4
    assert (await seen(sandbox))[-1] == ("system", FAULT_TEXT)


async def refused_connection(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused")


async def test_a_gateway_that_is_down_shows_the_fault(
    sandbox: httpx.AsyncClient, gateway: Gateway
) -> None:
    gateway.answers = [refused_connection]
    assert (await say(sandbox))["fault"] is True


GOOD = reply_xml(
    fromstring(
        f"<xml><FromUserName>{OPENID}</FromUserName>"
        f"<ToUserName>{PLAIN.original_id}</ToUserName></xml>"
    ),
    "好",
)


def test_the_sample_reply_names_both_sides() -> None:
    assert OPENID in GOOD
    assert PLAIN.original_id in GOOD


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (201, b"success"),
        (302, b""),
        (200, b"success\n"),
        (200, b'"success"'),
        (200, b'{"errcode":0}'),
        (200, b"<html></html>"),
        (200, b"\n" + GOOD.encode()),
        (200, b"\xef\xbb\xbf" + GOOD.encode()),
        (200, GOOD.replace("</xml>", "").encode()),
        (200, GOOD.replace(OPENID, "oSomebodyElse").encode()),
        (200, GOOD.replace(PLAIN.original_id, PLAIN.app_id).encode()),
        (200, GOOD.replace("[好]", "[ ]").encode()),
        (200, GOOD.replace("[好]", "[" + "好" * 683 + "]").encode()),
        (200, GOOD.replace("[text]", "[file]").encode()),
        (200, GOOD.replace("<CreateTime>1", "<CreateTime>").encode()),
        (200, GOOD.replace("<xml>", "<xml>\x08").encode()),
    ],
)
async def test_what_wechat_would_not_show_is_a_fault(
    sandbox: httpx.AsyncClient, gateway: Gateway, status: int, body: bytes
) -> None:
    gateway.answers = [says(body, status)]
    assert (await say(sandbox))["fault"] is True


@pytest.mark.parametrize("text", ["好", "好" * 682 + "xx"])
async def test_a_reply_of_up_to_2048_bytes_is_shown(
    sandbox: httpx.AsyncClient, gateway: Gateway, text: str
) -> None:
    gateway.answers = [replies(text)]
    assert (await say(sandbox))["passive"] == text
    assert (await chat(sandbox))["longest"] == len(text.encode())


def sealed_reply(*, token: str = SAFE.token, nonce: str = "", app_id: str = SAFE.app_id) -> Any:
    async def answer(request: httpx.Request) -> httpx.Response:
        query = request.url.params
        sealed = fromstring(request.content).findtext("Encrypt") or ""
        signed = sign(SAFE.token, query["timestamp"], query["nonce"], sealed)
        assert query["msg_signature"] == signed
        push = fromstring(decrypt(sealed, SAFE.encoding_aes_key, SAFE.app_id))
        inner = encrypt(reply_xml(push, "收到").encode(), SAFE.encoding_aes_key, app_id)
        own_nonce = nonce or query["nonce"]
        body = (
            f"<xml><Encrypt>{inner}</Encrypt>"
            f"<MsgSignature>{sign(token, '1700000000', own_nonce, inner)}</MsgSignature>"
            f"<TimeStamp>1700000000</TimeStamp><Nonce>{own_nonce}</Nonce></xml>"
        )
        return httpx.Response(200, content=body.encode())

    return answer


async def say_safely(sandbox: httpx.AsyncClient) -> dict[str, Any]:
    path = f"/control/wechat/{SAFE.id}/citizens/{OPENID}/messages"
    content: dict[str, Any] = (await sandbox.post(path, json={"text": "你好"})).json()
    return content


async def test_safe_mode_goes_there_and_back(sandbox: httpx.AsyncClient, gateway: Gateway) -> None:
    gateway.answers = [sealed_reply()]
    assert (await say_safely(sandbox))["passive"] == "收到"
    assert gateway.requests[0].url.params["encrypt_type"] == "aes"
    assert "你好".encode() not in gateway.requests[0].content


async def test_safe_mode_accepts_a_bare_success(
    sandbox: httpx.AsyncClient, gateway: Gateway
) -> None:
    assert (await say_safely(sandbox))["fault"] is False


@pytest.mark.parametrize(
    "answer",
    [
        sealed_reply(token="wrong"),
        sealed_reply(nonce="77"),
        sealed_reply(app_id="wx9"),
        says(GOOD.encode()),
    ],
    ids=["signature", "nonce", "app id", "plain"],
)
async def test_safe_mode_shows_nothing_that_is_sealed_wrongly(
    sandbox: httpx.AsyncClient, gateway: Gateway, answer: Any
) -> None:
    gateway.answers = [answer]
    assert (await say_safely(sandbox))["fault"] is True


async def test_a_tapped_menu_item_arrives_with_its_id(
    sandbox: httpx.AsyncClient, gateway: Gateway
) -> None:
    await say(sandbox, "满意", menu_id="101")
    assert gateway.pushed().findtext("bizmsgmenuid") == "101"
    assert gateway.pushed().findtext("Content") == "满意"


async def test_a_typed_message_has_no_menu_id(sandbox: httpx.AsyncClient, gateway: Gateway) -> None:
    await say(sandbox)
    assert gateway.pushed().find("bizmsgmenuid") is None


async def test_copies_of_one_message_are_answered_once(
    sandbox: httpx.AsyncClient, gateway: Gateway
) -> None:
    gateway.answers = [replies("只说一次")]
    await say(sandbox, copies=3)
    assert len({request.content for request in gateway.requests}) == 1
    assert len(gateway.requests) == 3
    assert (await seen(sandbox)).count(("account", "只说一次")) == 1


async def test_a_picture_arrives_by_address_and_by_id(
    sandbox: httpx.AsyncClient, gateway: Gateway
) -> None:
    answer = await sandbox.post(f"{CITIZEN}/pictures", content=PNG)
    assert answer.status_code == 200
    push = gateway.pushed()
    assert push.findtext("MsgType") == "image"
    address = push.findtext("PicUrl") or ""
    assert address.startswith(OWN_URL)
    shown = await sandbox.get(address.removeprefix(OWN_URL))
    assert (shown.content, shown.headers["content-type"]) == (PNG, "image/png")
    assert push.findtext("MediaId")


async def test_what_is_no_picture_cannot_be_sent(
    sandbox: httpx.AsyncClient, gateway: Gateway
) -> None:
    answer = await sandbox.post(f"{CITIZEN}/pictures", content=b"<svg onload='x'/>")
    assert answer.status_code == 400
    assert gateway.requests == []


async def test_a_follower_is_greeted(sandbox: httpx.AsyncClient, gateway: Gateway) -> None:
    gateway.answers = [replies("欢迎")]
    await sandbox.post(f"{CITIZEN}/events", json={"event": "subscribe"})
    assert gateway.pushed().findtext("Event") == "subscribe"
    assert gateway.pushed().find("MsgId") is None
    assert (await seen(sandbox))[-1] == ("account", "欢迎")


async def test_who_left_cannot_write(sandbox: httpx.AsyncClient, gateway: Gateway) -> None:
    await sandbox.post(f"{CITIZEN}/events", json={"event": "unsubscribe"})
    answer = await sandbox.post(f"{CITIZEN}/messages", json={"text": "还在吗"})
    assert answer.status_code == 409
    assert len(gateway.requests) == 1


async def test_the_menu_sends_its_key(sandbox: httpx.AsyncClient, gateway: Gateway) -> None:
    key = (await chat(sandbox))["menu"][1]["key"]
    await sandbox.post(f"{CITIZEN}/events", json={"event": "CLICK", "key": key})
    assert gateway.pushed().findtext("EventKey") == "我要投诉"


@pytest.mark.parametrize(
    ("twist", "tells"),
    [
        ("wrong_signature", "signature"),
        ("old_timestamp", "timestamp"),
        ("no_type", "MsgType"),
        ("entity_bomb", "DOCTYPE"),
        ("not_xml", "no xml"),
    ],
)
async def test_a_forged_push_differs_where_it_says(
    sandbox: httpx.AsyncClient, gateway: Gateway, twist: str, tells: str
) -> None:
    await say(sandbox, twist=twist)
    request = gateway.requests[0]
    query = dict(request.url.params)
    right = sign(PLAIN.token, query["timestamp"], query["nonce"])
    if tells == "signature":
        assert query["signature"] != right
        return
    assert query["signature"] == right, urlencode(query)
    if tells == "timestamp":
        gateway.requests.clear()
        await say(sandbox)
        fresh = gateway.requests[0].url.params["timestamp"]
        assert int(query["timestamp"]) < int(fresh) - 3600
    elif tells == "MsgType":
        assert b"MsgType" not in request.content
    else:
        assert tells.encode() in request.content


async def test_voice_and_stickers_arrive_as_wechat_passes_them_on(
    sandbox: httpx.AsyncClient, gateway: Gateway
) -> None:
    await say(sandbox, kind="voice")
    assert gateway.pushed().findtext("MediaId16K")
    await say(sandbox, kind="location")
    assert float(gateway.pushed().findtext("Location_X") or "nan") == pytest.approx(39.9, abs=0.1)
    await say(sandbox, kind="sticker")
    assert gateway.pushed().findtext("Content") == "【收到不支持的消息类型，暂无法显示】"


async def echoes(request: httpx.Request) -> httpx.Response:
    query = request.url.params
    signed = sign(PLAIN.token, query["timestamp"], query["nonce"])
    assert (request.method, query["signature"]) == ("GET", signed)
    return httpx.Response(200, text=query["echostr"])


@pytest.mark.parametrize(("answer", "verified"), [(echoes, True), (says(b"success"), False)])
async def test_an_address_is_verified_by_an_echo(
    sandbox: httpx.AsyncClient, gateway: Gateway, answer: Any, verified: bool
) -> None:
    gateway.answers = [answer]
    outcome = await sandbox.post(f"/control/wechat/{PLAIN.id}/verify")
    assert outcome.json() == {"verified": verified}
