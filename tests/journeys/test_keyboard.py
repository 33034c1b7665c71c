"""An agent who never touches the mouse: from taking a talk over to the case's dispatch."""

from __future__ import annotations

import os
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
WHO_WAITS_STAYS_IN_THE_QUEUE = (
    "from desk.people.models import HotlineRule;"
    "HotlineRule.objects.update_or_create(hotline_id='12345', defaults={'handout': 'pull'})"
)
MOST_KEYS = 12  # from taking over to the dispatch; at a key a second that is below 15 s


@pytest.fixture(scope="module")
def demo(bare_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    home = tmp_path_factory.mktemp("keyboard") / "qianmen"
    shutil.copytree(bare_home, home)
    with a_demo(home, free_ports()) as demo:
        demo.set_up()
        demo.manage("shell", "-c", WHO_WAITS_STAYS_IN_THE_QUEUE)
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


def opened(page: Page, demo: Demo, role: str = "agent") -> Desk:
    """The desk once its scripts are there: before that nobody hears a key."""
    desk = Desk(page, sandbox_of(demo), role)
    page.wait_for_load_state("load")
    return desk


AT_NIGHT = "昨晚十一点槐花街道清水湾小区东门的工地还在打桩，老人睡不着"


def complains(page: Page, demo: Demo, citizen: str, what: str = AT_NIGHT) -> None:
    """A clear complaint that waits for a person; the like of another would be asked to join it."""
    phone = Phone(page, sandbox_of(demo), citizen)
    expect(phone.ask("我要投诉")).to_contain_text("您说，我来记")
    phone.ask(what)
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

    def told(self, capsys: pytest.CaptureFixture[str]) -> None:
        seconds = time.monotonic() - self._began
        with capsys.disabled():
            print(f"\n{len(self.pressed)} keys in {seconds:.1f} s: {' '.join(self.pressed)}")


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
    desk = opened(new_page(), demo)
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
    keys.told(capsys)
    assert len(keys.pressed) <= MOST_KEYS


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_list_of_talks_has_no_serious_finding_of_the_accessibility_checker(
    demo: Demo, new_page: NewPage, width: int, theme: str
) -> None:
    complains(new_page(), demo, f"看得清的人{width}{theme}")
    desk = opened(new_page(width, theme), demo)
    expect(desk.row("转人工").first).to_be_visible(timeout=ANSWER)
    assert serious(desk.page) == []


OF_SUPERVISORS = (
    *("/wall/", "/wall/late/", "/shifts/", "/shifts/people/", "/shifts/rules/", "/routing/move/"),
    *("/answers/", "/replies/", "/cases/"),
)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_supervisors_pages_have_no_serious_finding_either(
    demo: Demo, new_page: NewPage, theme: str
) -> None:
    desk = opened(new_page(1440, theme), demo, "supervisor")
    home = desk.page.url.split("/conversations/")[0]
    found = {}
    for address in OF_SUPERVISORS:
        desk.page.goto(f"{home}{address}")
        found[address] = serious(desk.page)
    assert found == {address: [] for address in OF_SUPERVISORS}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_open_talk_and_what_opens_above_it_have_none(
    demo: Demo, new_page: NewPage, theme: str
) -> None:
    complains(new_page(), demo, f"说得清的人{theme}")
    desk = opened(new_page(1440, theme), demo)
    page = desk.page
    page.goto(f"{page.url.split('/conversations/')[0]}/conversations/?tab=queue")  # not their own
    desk.row("转人工").first.click()
    page.get_by_role("button", name="接管").first.click()
    expect(desk.speaker).to_contain_text("现在由您和市民说话")
    assert serious(page) == []
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert serious(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_lists_above_the_box_the_keys_and_a_case_have_none(
    demo: Demo, new_page: NewPage, theme: str
) -> None:
    what = {
        "light": "今天福顺里小区西门的路灯坏了，晚上看不见路",
        "dark": "今天金泰小区南门的垃圾堆满了没人清，臭得很",
    }[theme]
    complains(new_page(), demo, f"写得清的人{theme}", what)
    desk = opened(new_page(1440, theme), demo)
    page = desk.page
    home = page.url.split("/conversations/")[0]
    page.goto(f"{home}/conversations/?tab=queue")
    page.wait_for_load_state("load")
    desk.row("转人工").filter(has_text="未派单").first.click()
    page.get_by_role("button", name="接管").first.click()
    expect(desk.speaker).to_contain_text("现在由您和市民说话")
    box = page.locator("#words")
    found = {}
    for typed, note in (("/", False), ("??居住证", False), ("@@", True)):
        if note:
            page.keyboard.press("Alt+n")
        box.fill("")
        box.press_sequentially(typed)
        expect(page.locator("#picker")).to_be_visible(timeout=ANSWER)
        expect(page.locator("#picker-list li").first).to_be_visible(timeout=ANSWER)
        found[typed] = serious(page)
        box.press("Escape")
    box.fill("")
    page.keyboard.press("Alt+n")
    page.locator("#files").set_input_files(
        {"name": "表.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    )
    found["attached"] = serious(page)
    page.locator("#talk").press("?")
    expect(page.locator("#help")).to_be_visible()
    found["keys"] = serious(page)
    page.keyboard.press("Escape")
    number = page.locator("#side a.num").first.inner_text()
    for address in (f"/cases/{number}/", "/practice/"):
        page.goto(f"{home}{address}")
        found[address] = serious(page)
    page.locator('form[action$="begin/noise"] button').click()
    expect(page.locator("#practice-steps")).to_be_visible(timeout=ANSWER)
    found["a practice"] = serious(page)
    page.locator("#practice form button").click()
    found["looking back"] = serious(page)
    assert found == {what: [] for what in found}


def test_a_question_is_answered_out_of_the_knowledge_with_three_keys_and_the_next_talk_taken(
    demo: Demo, new_page: NewPage, capsys: pytest.CaptureFixture[str]
) -> None:
    for citizen in ("问医保的人", "也在排队的人"):
        phone = Phone(new_page(), sandbox_of(demo), citizen)
        phone.ask("居住证怎么办")
        phone.ask("转人工")
    desk = opened(new_page(), demo, "agent2")
    page = desk.page
    page.goto(f"{page.url.split('/conversations/')[0]}/conversations/?tab=queue")
    page.wait_for_load_state("load")
    expect(desk.row("转人工").last).to_be_visible(timeout=ANSWER)
    desk.rows.nth(desk.rows.count() - 2).click()  # who waited longest stands first
    expect(desk.speaker).to_contain_text("在排队")

    keys = Keys(page)
    keys.press("Alt+t")
    expect(desk.speaker).to_contain_text("现在由您和市民说话")
    expect(page.locator('[data-suggested="1"]')).to_be_visible(timeout=ANSWER)
    keys.press("Alt+1")
    expect(page.locator("#words")).not_to_have_value("")
    keys.press("Enter")
    expect(desk.lines.locator(".say.agent")).to_contain_text("居住证", timeout=ANSWER)
    keys.told(capsys)
    assert len(keys.pressed) == 3

    before = page.locator("#thread").get_attribute("data-number")
    assert before is not None
    keys = Keys(page)
    keys.press("Control+Alt+e")
    expect(page.locator("#thread")).not_to_have_attribute("data-number", before, timeout=ANSWER)
    expect(desk.speaker).to_contain_text("在排队")
    keys.press("Alt+t")
    expect(desk.speaker).to_contain_text("现在由您和市民说话")
    keys.told(capsys)
    assert len(keys.pressed) == 2
