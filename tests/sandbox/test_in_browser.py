"""The phone in a real browser: what is written, tapped and shown."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from playwright.async_api import Page, async_playwright, expect

from sandbox.app import Places, build_app
from sandbox.wechat.courier import Rules
from sandbox.wechat.platform import FAULT_TEXT
from tests.chromium import ARGUMENTS, CHROMIUM
from tests.sandbox.conftest import ACCOUNTS, Gateway, replies, says

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium")
WIDTHS = pytest.mark.parametrize("width", [1280, 390])


@pytest.fixture
async def address(gateway: Gateway, tmp_path: Path) -> AsyncIterator[str]:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    base = f"http://127.0.0.1:{listener.getsockname()[1]}"
    app = build_app(
        ACCOUNTS,
        Places(
            own_url=base,
            public_url="http://gateway",
            desk_url="http://desk",
            rasa_url="http://rasa",
            actions_url="http://actions",
            home=tmp_path,
        ),
        client=httpx.AsyncClient(transport=httpx.MockTransport(gateway)),
        rules=Rules(answer_within=1.0, pause=0.01),
    )
    server = uvicorn.Server(
        uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=1)
    )
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:
        await asyncio.sleep(0.02)
    yield base
    server.should_exit = True
    await serving


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = await browser.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        yield page
        await browser.close()
        assert faults == []


async def opened(page: Page, address: str, width: int) -> None:
    await page.set_viewport_size({"width": width, "height": 844})
    await page.goto(address)
    assert await page.evaluate("document.documentElement.scrollWidth") <= width


@WIDTHS
async def test_a_citizen_writes_and_sees_the_answer(
    page: Page, address: str, gateway: Gateway, width: int
) -> None:
    gateway.answers = [replies('请拨 96069 <a href="https://a.example/x">细则</a><b>粗</b>')]
    await opened(page, f"{address}/phone?text=暖气不热", width)
    await page.get_by_role("button", name="发送").click()
    bubbles = page.locator("#chat .b")
    await expect(bubbles).to_have_count(2)
    await expect(bubbles.nth(0)).to_have_text("暖气不热")
    await expect(bubbles.nth(1)).to_have_text("请拨 96069 细则<b>粗</b>")
    await expect(page.get_by_role("link", name="细则")).to_have_attribute(
        "href", "https://a.example/x"
    )


async def test_a_link_that_says_something_is_said(
    page: Page, address: str, gateway: Gateway
) -> None:
    link = '<a href="weixin://bizmsgmenu?msgmenucontent=有帮助&msgmenuid=h1">有帮助</a>'
    gateway.answers = [replies(link), says(b"success")]
    await opened(page, f"{address}/phone?text=你好", 390)
    await page.get_by_label("说点什么").press("Enter")
    await page.locator("#chat").get_by_role("button", name="有帮助").click()
    await expect(page.locator("#chat .m.r .b").nth(1)).to_have_text("有帮助")
    assert gateway.pushed().findtext("bizmsgmenuid") == "h1"


async def test_a_broken_answer_shows_the_fault_and_is_counted(
    page: Page, address: str, gateway: Gateway
) -> None:
    gateway.answers = [says(b"oops", 500)]
    await opened(page, f"{address}/phone?text=你好", 1280)
    await page.get_by_label("说点什么").press("Enter")
    await expect(page.locator("#chat .fault")).to_have_text(FAULT_TEXT)
    await expect(page.locator("#verdict")).to_have_text("违反 1 次")


async def test_a_picture_is_chosen_and_seen(page: Page, address: str, gateway: Gateway) -> None:
    await opened(page, f"{address}/phone", 390)
    # A whole one: what a browser cannot draw is shown as gone.
    png = await page.screenshot(clip={"x": 0, "y": 0, "width": 8, "height": 8})
    await page.locator("#file").set_input_files(
        {"name": "灯.png", "mimeType": "image/png", "buffer": png}
    )
    await expect(page.get_by_alt_text("市民发的照片")).to_have_count(1)
    assert gateway.pushed().findtext("MsgType") == "image"


async def test_who_left_can_only_come_back(page: Page, address: str) -> None:
    await opened(page, f"{address}/phone", 1280)
    await page.get_by_role("button", name="取消关注").click()
    await expect(page.get_by_label("说点什么")).to_be_hidden()
    await page.get_by_role("button", name="关注公众号").click()
    await expect(page.get_by_label("说点什么")).to_be_visible()


@WIDTHS
async def test_the_start_page_says_what_is_missing(
    page: Page, address: str, gateway: Gateway, width: int
) -> None:
    gateway.answers = [says(b"{}", 503)]
    await opened(page, address, width)
    await expect(page.locator("#all")).to_have_text("还差四个部件")


@WIDTHS
async def test_telegrams_phone_begins_with_start(
    page: Page, address: str, gateway: Gateway, width: int
) -> None:
    await opened(page, f"{address}/telegram-phone", width)
    await page.get_by_role("button", name="开始", exact=True).click()
    await expect(page.locator("#chat .m.r .b")).to_contain_text("/start")
    await page.get_by_label("说点什么").fill("你好")
    await page.get_by_label("说点什么").press("Enter")
    await expect(page.locator("#chat .m.r .b")).to_have_count(2)
