"""A sandbox in this process, and a gateway that answers as each test wants."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from xml.etree.ElementTree import Element

import httpx
import pytest
from defusedxml.ElementTree import fromstring

from sandbox.accounts import Accounts, TelegramAccount, WebchatAccount, WechatAccount
from sandbox.app import Places, build_app
from sandbox.telegram.mailbox import Pace
from sandbox.wechat.courier import Rules

OWN_URL = "http://127.0.0.1:8002"
OPENID = "oFridayMorning00000000000001"
PLAIN = WechatAccount(
    id="12341-wechat",
    hotline="12341",
    app_id="wx0001",
    app_secret="s3cret",
    token="plaintoken",
    templates={"case_progress": "TM00001"},
)
SAFE = WechatAccount(
    id="96105-wechat",
    hotline="96105",
    app_id="wx0002",
    app_secret="s3cret2",
    token="safetoken",
    encoding_aes_key="abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
)
BOT = TelegramAccount(
    id="12341-telegram",
    hotline="12341",
    bot_token="4200001:AAbot-token",
    secret_token="shh",
)
ACCOUNTS = Accounts(
    wechat={PLAIN.id: PLAIN, SAFE.id: SAFE},
    telegram={BOT.id: BOT},
    webchat={"12341-web": WebchatAccount(id="12341-web", hotline="12341")},
)

type Answer = Callable[[httpx.Request], Awaitable[httpx.Response]]


class Gateway:
    """What the platforms meet at the webhook. `answers` are used in order, the last one stays."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.answers: list[Answer] = [says(b"success")]

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers[0] if len(self.answers) == 1 else self.answers.pop(0)
        return await answer(request)

    def pushed(self, index: int = -1) -> Element:
        """A plain push as XML."""
        root: Element = fromstring(self.requests[index].content)
        return root


def says(body: bytes, status: int = 200) -> Answer:
    async def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(status, content=body)

    return answer


def replies(text: str) -> Answer:
    """A passive text reply to a plain push."""

    async def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=reply_xml(fromstring(request.content), text).encode())

    return answer


def reply_xml(push: Element, text: str) -> str:
    return (
        f"<xml><ToUserName><![CDATA[{push.findtext('FromUserName')}]]></ToUserName>"
        f"<FromUserName><![CDATA[{push.findtext('ToUserName')}]]></FromUserName>"
        f"<CreateTime>1</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content><![CDATA[{text}]]></Content></xml>"
    )


async def never(request: httpx.Request) -> httpx.Response:
    await asyncio.sleep(30)
    raise AssertionError("nobody waits that long")


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


@pytest.fixture
async def sandbox(gateway: Gateway, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    app = build_app(
        ACCOUNTS,
        Places(
            own_url=OWN_URL,
            public_url="http://gateway",
            desk_url="http://127.0.0.1:8001",
            rasa_url="http://rasa",
            actions_url="http://actions",
            home=tmp_path,
        ),
        client=httpx.AsyncClient(transport=httpx.MockTransport(gateway)),
        rules=Rules(answer_within=0.05, pause=0.001),
        pace=Pace(first_wait=0.01, answer_within=0.05),
    )
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url=OWN_URL) as client,
    ):
        yield client
