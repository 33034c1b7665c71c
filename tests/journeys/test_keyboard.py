"""An agent who never touches the mouse: from taking a talk over to the case's dispatch."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.chromium import ARGUMENTS, CHROMIUM
from tests.journeys.demo import Demo, a_demo, free_ports
from tests.journeys.people_pages import ANSWER, Desk, Phone

pytestmark = [
    pytest.mark.timeout(900),
    pytest.mark.skipif(
        CHROMIUM is None and os.environ.get("CI") != "true",
        reason="no Chromium on this machine: `chromium` or `google-chrome`",
    ),
]

NewPage = Callable[..., Page]
MOST_KEYS = 12  # from taking over to the dispatch; at a key a second that is below 15 s


@pytest.fixture(scope="module")
def demo(bare_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    home = tmp_path_factory.mktemp("keyboard") / "qianmen"
    shutil.copytree(bare_home, home)
    with a_demo(home, free_ports()) as demo:
        demo.set_up()
        demo.start()
        yield demo


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    assert CHROMIUM, "CI has no Chromium, so nobody looked at the pages"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    faults: list[str] = []
    contexts: list[BrowserContext] = []

    def open_page(width: int = 1440, theme: str = "light") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            color_scheme="dark" if theme == "dark" else "light",
            bypass_csp=True,  # the checker runs in the page
        )
        contexts.append(context)
        context.set_default_timeout(ANSWER)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def sandbox_of(demo: Demo) -> str:
    return f"http://127.0.0.1:{demo.ports['sandbox']}"


def complains(page: Page, demo: Demo, citizen: str) -> None:
    """A clear complaint that waits for a person."""
    phone = Phone(page, sandbox_of(demo), citizen)
    expect(phone.ask("我要投诉")).to_contain_text("您说，我来记")
    phone.ask("昨晚十一点槐花街道清水湾小区东门的工地还在打桩，老人睡不着")
    phone.ask("没问题，提交")
    phone.ask("转人工")


class Keys:
    """A keyboard that counts, and how long the hands were at work."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.pressed: list[str] = []
        self._began = time.monotonic()

    def press(self, key: str) -> None:
        self.pressed.append(key)
        self._page.keyboard.press(key)

    def type(self, words: str) -> None:
        self.pressed += list(words)
        self._page.keyboard.type(words, delay=60)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began


def serious(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]})
    return [
        f"{violation['id']}: {[node['html'][:120] for node in violation['nodes'][:3]]}"
        for violation in found.response["violations"]
        if violation["impact"] in ("serious", "critical")
    ]


def test_a_clear_complaint_is_dispatched_by_keyboard_alone(
    demo: Demo, new_page: NewPage, capsys: pytest.CaptureFixture[str]
) -> None:
    complains(new_page(), demo, "夜里睡不着的人")
    desk = Desk(new_page(), sandbox_of(demo))
    page = desk.page
    expect(desk.row("转人工").first).to_be_visible(timeout=ANSWER)
    page.keyboard.press("Alt+j")
    expect(desk.speaker).to_contain_text("在排队")

    keys = Keys(page)
    keys.press("Alt+t")
    expect(desk.speaker).to_contain_text("现在由您和市民说话")
    todo = page.locator(".f.todo[data-confirm]")
    while todo.count():
        left = todo.count()
        keys.press("F2")
        expect(page.locator(".f.todo:focus")).to_be_visible()
        keys.press("Enter")
        expect(todo).to_have_count(left - 1)
    keys.press("Alt+Enter")
    expect(page.locator("#side")).to_contain_text("已派单")
    with capsys.disabled():
        print(f"\n{len(keys.pressed)} keys in {keys.seconds:.1f} s: {' '.join(keys.pressed)}")
    assert len(keys.pressed) <= MOST_KEYS


def test_what_is_picked_goes_in_at_the_cursor_and_is_kept_on_the_server(
    demo: Demo, new_page: NewPage
) -> None:
    complains(new_page(), demo, "要查知识的人")
    supervisor = new_page()
    Desk(supervisor, sandbox_of(demo), "supervisor")
    supervisor.goto(f"{demo.desk}/replies/")
    supervisor.get_by_label("标题").fill("已经登记")
    supervisor.get_by_label("内容", exact=True).fill(
        "您的诉求已登记，编号 {{案号}}，{{电话}}联系您。"
    )
    supervisor.get_by_label("全班组").check()
    supervisor.get_by_role("button", name="存下").click()
    expect(supervisor.locator("main")).to_contain_text("已经登记")

    desk = Desk(new_page(), sandbox_of(demo))
    page = desk.page
    expect(desk.row("转人工").first).to_be_visible(timeout=ANSWER)
    desk.row("转人工").last.click()
    page.keyboard.press("Alt+t")
    expect(desk.speaker).to_contain_text("现在由您和市民说话")
    expect(page.locator("#words")).to_be_focused()
    expect(page.locator("#compose-window")).to_contain_text("条里还可发")

    page.keyboard.type("您好，/已经")
    expect(page.locator("#picker-list [role=option]").first).to_contain_text("已经登记")
    page.keyboard.press("Enter")
    box = page.locator("#words")
    expect(box).to_have_value(_holds("您好，您的诉求已登记，编号 20", "，【填：电话】联系您。"))
    page.keyboard.press("Enter")
    expect(page.locator("#refusal")).to_contain_text("还没填")
    page.keyboard.type("明天")
    expect(box).to_have_value(_holds("，明天联系您。"))
    expect(page.locator("[data-kept]")).to_contain_text("草稿已存")

    page.reload()
    expect(box).to_have_value(_holds("，明天联系您。"))
    box.focus()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    expect(desk.lines).to_contain_text("，明天联系您。")
    expect(box).to_have_value("")

    page.keyboard.type("??居住证怎么办")
    expect(page.locator("#picker-list [role=option]").first).to_contain_text("居住证")
    page.keyboard.press("Control+Enter")
    expect(desk.lines.locator(".say.agent").last).to_contain_text("——")


def test_the_command_bar_and_a_colleague_named_in_a_note(demo: Demo, new_page: NewPage) -> None:
    complains(new_page(), demo, "问同事的人")
    other = Desk(new_page(), sandbox_of(demo), "agent2")
    desk = Desk(new_page(), sandbox_of(demo))
    page = desk.page
    expect(desk.row("转人工").first).to_be_visible(timeout=ANSWER)
    desk.row("转人工").last.click()

    page.keyboard.press("Control+k")
    page.keyboard.type("接管")
    expect(page.locator("#answers [aria-selected=true]")).to_contain_text("接管")
    page.keyboard.press("Enter")
    expect(desk.speaker).to_contain_text("现在由您和市民说话")

    page.keyboard.press("Alt+n")
    page.keyboard.type("@@")
    expect(page.locator("#picker-list [role=option]").first).to_be_visible()
    named = other.page.locator(".bar .me").inner_text().partition("·")[0].strip()
    page.keyboard.type(named)
    page.keyboard.press("Enter")
    page.keyboard.type("上周那件谁在跟")
    page.keyboard.press("Enter")
    expect(desk.lines.locator(".say.note").last).to_contain_text("上周那件谁在跟")
    expect(other.page.locator("#list-tabs .named")).to_contain_text("@1")

    page.keyboard.press("Control+Alt+e")
    expect(page.locator("#words")).to_have_value("")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_no_serious_finding_of_the_accessibility_checker(
    demo: Demo, new_page: NewPage, width: int, theme: str
) -> None:
    complains(new_page(), demo, f"看得清的人{width}{theme}")
    desk = Desk(new_page(width, theme), sandbox_of(demo))
    page = desk.page
    expect(desk.row("转人工").first).to_be_visible(timeout=ANSWER)
    assert serious(page) == []
    desk.row("转人工").last.click()
    desk.take_over()
    expect(desk.speaker).to_contain_text("现在由您和市民说话")
    page.locator("#words").fill("/")
    expect(page.locator("#picker")).to_be_visible()
    assert serious(page) == []
    page.keyboard.press("Escape")
    if width < 760:
        page.locator("[data-pane-to=case]").click()
    page.locator("[data-edit-this]").first.click()
    expect(page.locator("[data-edit]")).to_be_focused()
    assert serious(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    expect(page.locator("#answers [role=option]").first).to_be_visible()
    assert serious(page) == []
    page.goto(f"{demo.desk}/replies/")
    assert serious(page) == []


def _holds(*parts: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in parts), re.DOTALL)
