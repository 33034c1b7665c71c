"""Takes the README's pictures from a running demo: its own city, people made up here.

make demo                             # in one terminal, with a new QIANMEN_HOME
.venv/bin/python -m docs.take_screenshots
"""

from __future__ import annotations

import base64
import shutil
from pathlib import Path

import httpx
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from environment.settings import read_settings
from tests.journeys.people_pages import ANSWER, Desk, KnowledgeDesk, Phone

IMAGES = Path(__file__).parent / "images"
ACCOUNT = "12345-wechat"
OTHERS = (
    ("12341-wechat", "何女士", ("家里暖气不热找谁",)),
    ("12345-wechat", "孙师傅", ("我要投诉", "梧桐街口的路灯坏了三天没人修，晚上看不见路")),
    ("12341-wechat", "冯大爷", ("养狗要办什么证",)),
)
WAITS = ("12341-wechat", "郑同学", "转人工")
# The phone beside the desk, as they stand on an operator's table.
TABLE = """
<body style="margin:0;background:#e4e6e1;display:flex;gap:24px;align-items:center;padding:24px">
<img src="{phone}" style="width:334px;flex:none;border-radius:40px">
<img src="{desk}" style="width:1034px;flex:none;border-radius:8px;box-shadow:0 1px 8px #0003">
</body>
"""


def take() -> None:
    settings = read_settings()
    sandbox = f"http://127.0.0.1:{settings.sandbox_port}"
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        _start(_page(browser), sandbox)
        _knowledge(_page(browser), sandbox)
        _talk(browser, sandbox)
        browser.close()


def _page(browser: Browser, width: int = 1440, height: int = 900) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    context.set_default_timeout(ANSWER)
    return context.new_page()


def _start(page: Page, sandbox: str) -> None:
    page.goto(sandbox)
    expect(page.locator("#parts .dot").first).to_be_visible()
    expect(page.locator("#all")).to_have_class("all ready", timeout=ANSWER)
    _save(page, "start")


def _knowledge(page: Page, sandbox: str) -> None:
    reviewer = KnowledgeDesk(page, sandbox)
    reviewer.open("居住证怎么申领，要住满多久")
    box = page.locator("[data-try-question]")
    box.fill("居住证怎么办")
    page.locator("[data-try-ask]").click()
    expect(page.locator("[data-try-told] .q-told-answer").first).to_be_visible(timeout=ANSWER)
    _save(page, "knowledge")


def _talk(browser: Browser, sandbox: str) -> None:
    for account, name, sentences in OTHERS:
        for words in sentences:
            _say(sandbox, account, name, words)
    agent = _page(browser, 1240, 940)
    desk = Desk(agent, sandbox)  # from now on somebody is on shift
    desk.show("全部")
    citizen = _page(browser)
    phone = Phone(citizen, sandbox, "张阿姨", ACCOUNT)
    phone.ask("居住证怎么办")
    phone.ask("我要投诉")
    phone.ask("我们小区北门那个工地，昨晚十一点多还在打桩，老人睡不着")
    phone.ask("槐花街道清水湾小区")
    phone.ask("没问题，提交")
    _save(citizen, "phone")
    phone.ask("转人工")
    _say(sandbox, *WAITS)

    desk.row("要人工").filter(has_text="投诉").first.click()
    expect(desk.speaker).to_contain_text("在排队", timeout=ANSWER)
    before = phone.bubbles.count()
    desk.take_over()
    phone.next_after(before)
    desk.say("张阿姨您好，工地的事我看到了，现在就派下去，今晚有人到现场。")
    expect(phone.bubbles.last).to_contain_text("今晚有人到现场", timeout=ANSWER)
    agent.bring_to_front()
    phone.say("太好了，谢谢你")
    expect(desk.lines).to_contain_text("太好了", timeout=ANSWER)
    expect(desk.row("太好了")).to_have_count(1, timeout=ANSWER)
    expect(desk.row("太好了").locator(".meta > .n")).to_have_count(0, timeout=ANSWER)
    _side_by_side(_page(browser, 1440, 800), citizen.locator(".phone"), agent)


def _say(sandbox: str, account: str, name: str, words: str) -> None:
    base = f"{sandbox}/control/wechat/{account}/citizens"
    openid = httpx.post(base, json={"name": name}, timeout=30).json()["openid"]
    httpx.post(f"{base}/{openid}/messages", json={"text": words}, timeout=60).raise_for_status()


def _side_by_side(page: Page, phone: Locator, desk: Page) -> None:
    shots = {"phone": phone.screenshot(omit_background=True), "desk": desk.screenshot()}
    sources = {
        name: f"data:image/png;base64,{base64.b64encode(shot).decode()}"
        for name, shot in shots.items()
    }
    page.set_content(TABLE.format(**sources))
    page.locator("img").last.evaluate("image => image.decode()")
    page.set_viewport_size({"width": 1440, "height": page.evaluate("document.body.scrollHeight")})
    _save(page, "desk")


def _save(page: Page, name: str) -> None:
    page.screenshot(path=IMAGES / f"{name}.png")


if __name__ == "__main__":
    IMAGES.mkdir(exist_ok=True)
    take()
