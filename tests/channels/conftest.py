from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

from channels.accounts import Account, TelegramAccount, WebAccount, WeChatAccount
from channels.gateway import build, server_of
from channels.redis_connection import connect
from channels.sender import Sender
from environment.settings import Settings, read_settings
from tests.channels.serving import serving
from tests.channels.wechat_double import AES_KEY, APP_ID, TOKEN, WeChatApi
from tests.ports import free_port
from tests.redis_server import redis_server

BOT_TOKEN = "123456:test-bot-token"


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis of this run's own."""
    port = free_port()
    with redis_server(tmp_path_factory.mktemp("redis"), port):
        yield f"redis://127.0.0.1:{port}/0"


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    client = connect(redis_url)
    await client.flushall()
    yield client
    await client.aclose()


@pytest.fixture
def settings(redis_url: str, tmp_path: Path) -> Settings:
    return replace(
        read_settings(dotenv=None), redis_url=redis_url, home=tmp_path, metrics_port=free_port()
    )


def wechat_account(**changes: Any) -> WeChatAccount:
    values = {
        "id": "12341-wechat",
        "hotline": "12341",
        "app_id": APP_ID,
        "app_secret": "s",
        "token": TOKEN,
    }
    return WeChatAccount(**(values | changes))


@pytest.fixture
def accounts() -> dict[str, Account]:
    """Plain WeChat, safe WeChat, Telegram and web; the platforms' addresses lead nowhere."""
    nowhere = "http://127.0.0.1:9"
    found: list[Account] = [
        wechat_account(api_base=nowhere),
        wechat_account(id="12341-safe", encoding_aes_key=AES_KEY, api_base=nowhere),
        TelegramAccount(
            id="12341-telegram",
            hotline="12341",
            bot_token=BOT_TOKEN,
            secret_token="right",
            api_base=nowhere,
        ),
        WebAccount(id="12341-web", hotline="12341", name="西城 12341"),
    ]
    return {account.id: account for account in found}


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=40) as client:
        yield client


@pytest.fixture
async def gateway(
    settings: Settings, accounts: dict[str, Account], redis: Redis
) -> AsyncIterator[str]:
    """The address of a gateway that runs."""
    async with serving(server_of(build(settings, accounts), 0).config) as address:
        yield address


@pytest.fixture
async def wechat_api(accounts: dict[str, Account]) -> AsyncIterator[WeChatApi]:
    """WeChat's API, to which both WeChat accounts lead."""
    api = WeChatApi()
    async with serving(api.config()) as address:
        for account in list(accounts.values()):
            if isinstance(account, WeChatAccount):
                changed = wechat_account(
                    id=account.id, encoding_aes_key=account.encoding_aes_key, api_base=address
                )
                accounts[account.id] = changed
        yield api


type Sending = Callable[[], contextlib.AbstractAsyncContextManager[Sender]]


@pytest.fixture
def sending(settings: Settings, accounts: dict[str, Account]) -> Sending:
    """Runs a sender with short pauses while the block lasts."""

    @contextlib.asynccontextmanager
    async def run() -> AsyncIterator[Sender]:
        sender = Sender(settings, accounts, pauses=(0.05, 0.05, 0.05))
        task = asyncio.create_task(sender.run())
        waiting = asyncio.create_task(sender.taken.wait())
        await asyncio.wait({task, waiting}, timeout=40, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()
        try:
            yield sender
        finally:
            task.cancel()
            await asyncio.gather(task, waiting, return_exceptions=True)

    return run
