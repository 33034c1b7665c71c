"""The sandbox as one application: start page, phones, platforms, and what drives them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from sandbox.accounts import Accounts
from sandbox.clock import Clock
from sandbox.driving import answer, body_as, refuse
from sandbox.guard import Guard
from sandbox.memory import Memory
from sandbox.pages import Pages
from sandbox.readiness import Readiness
from sandbox.telegram.api import TelegramApi
from sandbox.telegram.control import TelegramControl
from sandbox.telegram.mailbox import Pace
from sandbox.telegram.platform import Platform as TelegramPlatform
from sandbox.wechat.api import WechatApi
from sandbox.wechat.control import WechatControl
from sandbox.wechat.courier import Rules
from sandbox.wechat.platform import Platform as WechatPlatform

HERE = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class Places:
    """Where the other parts are."""

    own_url: str
    public_url: str
    desk_url: str
    rasa_url: str
    actions_url: str
    home: Path


class Passed(msgspec.Struct, kw_only=True):
    seconds: float


def build_app(
    accounts: Accounts,
    places: Places,
    *,
    client: httpx.AsyncClient | None = None,
    rules: Rules | None = None,
    pace: Pace | None = None,
) -> Starlette:
    """The application. Tests give a `client` whose transport is their gateway."""
    client = client or httpx.AsyncClient(
        trust_env=False, limits=httpx.Limits(max_connections=400, max_keepalive_connections=40)
    )
    clock = Clock()
    wechat_platform = WechatPlatform(
        accounts.wechat,
        clock=clock,
        client=client,
        public_url=places.public_url,
        own_url=places.own_url,
        rules=rules,
    )
    telegram_platform = TelegramPlatform(
        accounts.telegram, clock=clock, client=client, public_url=places.public_url, pace=pace
    )
    readiness = Readiness(
        client,
        public_url=places.public_url,
        desk_url=places.desk_url,
        rasa_url=places.rasa_url,
        actions_url=places.actions_url,
        home=places.home,
    )
    memory = Memory(
        places.home / "sandbox.json",
        wechat_platform.citizens,
        {id: bot.citizens for id, bot in telegram_platform.bots.items()},
    )
    pages = Pages(accounts, public_url=places.public_url, desk_url=places.desk_url)

    async def healthz(request: Request) -> Response:
        return PlainTextResponse("ok")

    async def standing(request: Request) -> Response:
        return answer({"items": await readiness.look()})

    async def pass_time(request: Request) -> Response:
        seconds = (await body_as(request, Passed)).seconds
        if not 0 <= seconds <= 366 * 24 * 3600:
            raise HTTPException(400, "seconds: 0 to a year")
        clock.advance(timedelta(seconds=seconds))
        return answer({"now": clock.now()})

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        memory.recall()
        writing = asyncio.create_task(memory.keep_writing())
        yield
        writing.cancel()
        await memory.write()
        await wechat_platform.close()
        await telegram_platform.close()
        await client.aclose()

    return Starlette(
        routes=[
            *pages.routes(),
            Route("/healthz", healthz),
            Route("/standing", standing),
            Route("/control/clock", pass_time, methods=["POST"]),
            *WechatApi(wechat_platform).routes(),
            *WechatControl(wechat_platform).routes(),
            *TelegramApi(telegram_platform).routes(),
            *TelegramControl(telegram_platform).routes(),
            Mount("/static", StaticFiles(directory=HERE / "static"), name="static"),
        ],
        middleware=[Middleware(Guard, desk_url=places.desk_url)],
        exception_handlers={HTTPException: refuse},
        lifespan=lifespan,
    )
