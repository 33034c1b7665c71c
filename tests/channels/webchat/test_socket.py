from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from channels.limits import AddressLimit, TooManySockets
from channels.webchat.frames import citizen_of
from environment.settings import Settings
from tests.channels.conftest import Sending
from tests.channels.desk_double import an_outbound, answering, entries_in, told_at_least
from wire.keys import OUTBOUND
from wire.messages import FIELD, InboundKind, Option, Part, encode

SECRET = "0123456789abcdef" * 2
CITIZEN = citizen_of(SECRET)
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100


class Browser:
    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def send(self, **frame: Any) -> None:
        await self.socket.send(json.dumps(frame))

    async def read(self, kind: str) -> dict[str, Any]:
        """The next frame of a kind; others are passed over."""
        async with asyncio.timeout(30):
            while True:
                frame: dict[str, Any] = json.loads(await self.socket.recv())
                if frame["type"] == kind:
                    return frame

    async def lines_until(self, text: str) -> list[dict[str, Any]]:
        lines: list[dict[str, Any]] = []
        while True:
            lines += (await self.read("lines"))["lines"]
            if any(part["text"] == text for line in lines for part in line["parts"]):
                return lines


def address_of(gateway: str, account: str = "12341-web") -> str:
    return f"{gateway.replace('http', 'ws')}/webchat/{account}/socket"


@contextlib.asynccontextmanager
async def browsing(
    gateway: str, *, secret: str = SECRET, after: str = "", **options: Any
) -> AsyncIterator[Browser]:
    async with connect(address_of(gateway), **options) as socket:
        browser = Browser(socket)
        await browser.send(type="hello", secret=secret, after=after)
        yield browser


def say(number: int, text: str = "路灯不亮") -> dict[str, Any]:
    return {"type": "say", "id": f"message-{number}", "text": text}


async def test_a_citizen_asks_and_is_answered(gateway: str, redis: Redis, sending: Sending) -> None:
    options = (Option(id="o1", label="看进度"),)

    def answer(message: Any) -> list[Part]:
        return [Part(text=f"答：{message.text}", options=options)] if message.text else []

    async with sending(), answering(redis, answer) as desk, browsing(gateway) as browser:
        await browser.read("ready")
        await browser.send(**say(1))
        assert (await browser.read("ack"))["id"] == "message-1"
        lines = await browser.lines_until("答：路灯不亮")
        (delivery,) = await told_at_least(redis, 1)
    assert lines[-1]["who"] == "bot"
    assert lines[-1]["parts"][0]["options"] == [{"id": "o1", "label": "看进度"}]
    assert (delivery.state.value, delivery.via) == ("sent", "socket")
    follow, question = desk.received
    assert (follow.kind, question.kind) == (InboundKind.FOLLOW, InboundKind.TEXT)
    assert question.external_id == CITIZEN
    assert SECRET not in question.external_id


async def test_a_tap_is_a_choice_with_its_words(gateway: str, redis: Redis) -> None:
    async with browsing(gateway) as browser:
        await browser.read("ready")
        await browser.send(type="choose", id="message-1", choice="o1", label="看进度")
        await browser.read("ack")
    (tap,) = [entry for entry in await entries_in(redis) if entry.kind is InboundKind.CHOICE]
    assert (tap.choice, tap.text) == ("o1", "看进度")


async def test_what_was_said_meanwhile_is_there_after_a_reconnect(
    gateway: str, redis: Redis, sending: Sending
) -> None:
    async with browsing(gateway) as browser:
        await browser.read("ready")
        await browser.send(**say(1))
        place = (await browser.read("lines"))["lines"][-1]["place"]
    async with sending():
        outbound = an_outbound(account="12341-web", external_id=CITIZEN, author="agent")
        await redis.xadd(OUTBOUND, {FIELD: encode(outbound)})
        await told_at_least(redis, 1)
    async with browsing(gateway, after=place) as browser:
        missed = (await browser.read("lines"))["lines"]
        await browser.read("ready")
    assert [(line["who"], line["id"]) for line in missed] == [("agent", outbound.id)]
    async with browsing(gateway) as elsewhere:
        everything = (await elsewhere.read("lines"))["lines"]
    assert [line["who"] for line in everything] == ["citizen", "agent"]


async def test_a_message_that_is_sent_again_is_one_message_and_acknowledged_again(
    gateway: str, redis: Redis
) -> None:
    for _ in range(2):
        async with browsing(gateway) as browser:
            await browser.read("ready")
            await browser.send(**say(1))
            await browser.read("ack")
    kinds = [entry.kind for entry in await entries_in(redis)]
    assert kinds.count(InboundKind.TEXT) == 1
    assert kinds.count(InboundKind.FOLLOW) == 1
    assert await redis.xlen(f"qm:web:12341-web:{CITIZEN}") == 1


async def test_an_outbound_is_shown_once_however_often_it_is_sent(
    gateway: str, redis: Redis, sending: Sending
) -> None:
    outbound = an_outbound(account="12341-web", external_id=CITIZEN)
    for _ in range(2):
        async with sending():
            await redis.xadd(OUTBOUND, {FIELD: encode(outbound)})
            await told_at_least(redis, 1)
        await redis.delete(f"qm:claim:{outbound.id}")
    async with browsing(gateway) as browser:
        assert len((await browser.read("lines"))["lines"]) == 1


async def test_one_citizen_never_sees_another(gateway: str, redis: Redis) -> None:
    async with browsing(gateway) as browser:
        await browser.read("ready")
        await browser.send(**say(1))
        await browser.read("ack")
    async with browsing(gateway, secret="f" * 32) as other:
        first = json.loads(await other.socket.recv())
    assert first["type"] == "ready"


async def test_a_picture_is_kept_and_its_content_decides(
    gateway: str, redis: Redis, settings: Settings
) -> None:
    async with browsing(gateway) as browser:
        await browser.read("ready")
        await browser.send(type="picture", id="picture-1")
        await browser.socket.send(PNG)
        await browser.read("ack")
        await browser.send(type="picture", id="picture-2")
        await browser.socket.send(b"<svg onload=alert(1)>" * 10)
        refused = await browser.read("nack")
        await browser.send(type="picture", id="picture-3")
        await browser.socket.send(PNG + b"\0" * 5 * 1024 * 1024)
        too_large = await browser.read("nack")
    assert "不是能打开的照片" in refused["text"]
    assert "5 MB" in too_large["text"]
    (picture,) = [entry for entry in await entries_in(redis) if entry.kind is InboundKind.IMAGE]
    (media,) = picture.media
    assert (settings.home / "media" / media.key).read_bytes() == PNG
    assert await redis.xlen("qm:media-wanted") == 0


async def test_too_many_and_too_long_are_told_honestly(gateway: str, redis: Redis) -> None:
    async with browsing(gateway) as browser:
        await browser.read("ready")
        await browser.send(**say(0, "长" * 2001))
        assert "2000" in (await browser.read("nack"))["text"]
        await browser.send(**say(0, " \n "))
        await browser.read("nack")
        for number in range(1, 20):  # the follow counts as one
            await browser.send(**say(number))
            await browser.read("ack")
        await browser.send(**say(20))
        assert "没有收下" in (await browser.read("nack"))["text"]


async def test_another_sites_page_may_not_speak_for_its_visitors(gateway: str) -> None:
    with pytest.raises(InvalidStatus):
        async with connect(address_of(gateway), origin="https://evil.example"):  # type: ignore[arg-type]
            pass
    async with browsing(gateway, origin=gateway) as browser:
        await browser.read("ready")
    with pytest.raises(InvalidStatus):
        async with connect(address_of(gateway, "12341-wechat")):
            pass


@pytest.mark.parametrize(
    "frame",
    [
        '{"type": "hello", "secret": "short"}',
        '{"type": "say", "id": "message-1", "text": "first"}',
        "[]",
        "{",
        '{"type": "hello", "secret": "' + SECRET + '", "after": "+"}',
    ],
)
async def test_who_does_not_say_hello_is_shown_out(gateway: str, frame: str) -> None:
    async with connect(address_of(gateway)) as socket:
        await socket.send(frame)
        with pytest.raises(ConnectionClosed):
            await asyncio.wait_for(socket.recv(), 30)
        assert socket.close_code == 1003


async def test_a_bad_frame_later_closes_too(gateway: str) -> None:
    async with browsing(gateway) as browser:
        await browser.read("ready")
        await browser.send(type="ping")
        await browser.read("pong")
        await browser.send(type="say", id="../../etc", text="x")
        with pytest.raises(ConnectionClosed):
            await browser.read("ack")


async def test_an_address_has_its_limits(redis: Redis) -> None:
    limit = AddressLimit(redis, sockets=2, messages=3)
    with limit.socket("192.0.2.1"), limit.socket("192.0.2.1"):
        with pytest.raises(TooManySockets), limit.socket("192.0.2.1"):
            pass
        with limit.socket("192.0.2.2"):
            pass
    with limit.socket("192.0.2.1"):
        pass
    allowed = [await limit.allows_message("a", "192.0.2.1") for _ in range(4)]
    assert allowed == [True, True, True, False]
    assert await limit.allows_message("a", "192.0.2.2")
    assert not any(b"192.0.2" in key for key in await redis.keys("*"))


async def test_the_page_is_whole_and_holds_nothing_inline(
    gateway: str, http: httpx.AsyncClient
) -> None:
    page = await http.get(f"{gateway}/chat/12341-web")
    assert page.status_code == 200
    assert "<h1>西城 12341</h1>" in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for inline in ("<style", "style=", "onclick", "<script>"):
        assert inline not in page.text
    for name in ("chat.css", "chat.js", "connection.js", "keeping.js", "talk.js", "icon.svg"):
        assert (await http.get(f"{gateway}/chat/static/{name}")).status_code == 200
    for account in ("nobody", "12341-wechat"):
        assert (await http.get(f"{gateway}/chat/{account}")).status_code == 404
    assert (await http.get(f"{gateway}/chat/static/../page.py")).status_code == 404
