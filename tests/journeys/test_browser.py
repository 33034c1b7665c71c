"""The whole of Qianmen in a real browser, as a citizen, an agent and a reviewer see it."""

from __future__ import annotations

import os
import shutil
import struct
import time
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.chromium import ARGUMENTS, CHROMIUM
from tests.journeys.demo import Demo, a_demo, free_ports
from tests.journeys.people_pages import ANSWER, CASE_NUMBER, Desk, KnowledgeDesk, Phone, WebChat

SHANGHAI = ZoneInfo("Asia/Shanghai")
PUBLISHED_WITHIN = 15.0  # a second on a quiet machine
DOG_QUESTION = "养狗怎么办证、年检"

pytestmark = [
    pytest.mark.timeout(900),  # the first test waits until the demo is set up
    pytest.mark.skipif(
        CHROMIUM is None and os.environ.get("CI") != "true",
        reason="no Chromium on this machine: `chromium` or `google-chrome`",
    ),
]

NewPage = Callable[..., Page]


@pytest.fixture(scope="module")
def demo(bare_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    home = tmp_path_factory.mktemp("browser") / "qianmen"
    shutil.copytree(bare_home, home)
    with a_demo(home, free_ports()) as demo:
        demo.set_up()  # adds the demo's knowledge and its past
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
    """Opens a page of a person of their own; no page may have a script that fails."""
    faults: list[str] = []
    contexts: list[BrowserContext] = []

    def open_page(width: int = 1440) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
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


def test_a_citizen_asks_on_the_phone_and_reads_the_entrys_own_words(
    demo: Demo, new_page: NewPage
) -> None:
    phone = Phone(new_page(), sandbox_of(demo), "问事的人")
    answer = phone.ask("居住证怎么办")
    expect(answer).to_contain_text("居住证")
    words = answer.inner_text().partition("——")[0].strip()
    known = [str(text) for [text] in demo.rows("SELECT answer FROM knowledge_entry WHERE live")]
    assert words in [text.strip() for text in known]


def test_a_complaint_reaches_the_agent_as_a_case_with_the_citizens_words_beside_it(
    demo: Demo, new_page: NewPage
) -> None:
    phone = Phone(new_page(), sandbox_of(demo), "夜里睡不着的人")
    yesterday = datetime.now(SHANGHAI) - timedelta(days=1)
    expect(phone.ask("我要投诉")).to_contain_text("您说，我来记")
    expect(phone.ask("楼下的工地昨晚十一点还在打桩，老人睡不着")).to_contain_text("在哪里")
    expect(phone.ask("槐花街道清水湾小区东门")).to_contain_text("请您看看对不对")
    registered = phone.ask("没问题，提交")
    expect(registered).to_contain_text("已登记")
    [number] = CASE_NUMBER.findall(registered.inner_text())
    assert number.startswith(f"{datetime.now(SHANGHAI):%Y%m%d}")

    desk = Desk(new_page(), sandbox_of(demo))
    desk.show("全部")
    desk.open("没问题，提交")
    for words in ("我要投诉", "昨晚十一点还在打桩", "槐花街道清水湾小区东门", number):
        expect(desk.lines).to_contain_text(words)
    expect(desk.page.locator("#side")).to_contain_text(number)
    expect(desk.field("地点")).to_contain_text("槐花街道清水湾小区东门")
    expect(desk.field("时间")).to_contain_text(f"{yesterday.month}月{yesterday.day}日 23 时")
    expect(desk.field("类型")).to_contain_text("投诉")
    expect(desk.field("时间").locator(".from")).to_have_text("“昨晚十一点”")
    expect(desk.lines.locator("q.said").filter(has_text="昨晚十一点").first).to_be_visible()


def test_an_agent_takes_over_answers_and_hands_back(demo: Demo, new_page: NewPage) -> None:
    desk = Desk(new_page(), sandbox_of(demo))
    desk.show("排队")
    desk.page.evaluate("window.wasNotLoadedAgain = true")
    expect(desk.row("我要转人工")).to_have_count(0)

    phone = Phone(new_page(), sandbox_of(demo), "要找人的人")
    expect(phone.ask("我要转人工")).to_contain_text("排在第 1 位")
    expect(desk.row("我要转人工")).to_have_count(1, timeout=ANSWER)
    desk.open("我要转人工")
    before = phone.bubbles.count()
    desk.take_over()
    expect(phone.next_after(before)).to_contain_text("已为您转到人工")
    expect(desk.speaker).to_contain_text("现在由您和市民说话")

    desk.say("您好，请讲，我在听。")
    expect(phone.bubbles.last).to_have_text("您好，请讲，我在听。", timeout=ANSWER)
    phone.say("我先问问别的")
    expect(desk.lines).to_contain_text("我先问问别的", timeout=ANSWER)

    before = phone.bubbles.count()
    desk.hand_back()
    expect(phone.next_after(before)).to_contain_text("坐席已经离开")
    expect(phone.ask("居住证怎么办")).to_contain_text("居住证")
    expect(desk.lines).to_contain_text("居住证怎么办", timeout=ANSWER)
    changes = desk.lines.locator(".sys")
    expect(changes).to_contain_text(["市民要求人工", "接管：坐席 01", "交还机器人：坐席 01"])
    assert desk.page.evaluate("window.wasNotLoadedAgain") is True


def test_of_two_agents_one_has_the_talk_until_the_supervisor_steps_in_and_no_word_is_doubled(
    demo: Demo, new_page: NewPage
) -> None:
    phone = Phone(new_page(390), sandbox_of(demo), "两边都想接的人")
    phone.ask("两位坐席都看着我，我要转人工")
    words = "两位坐席都看着我"
    desks = [Desk(new_page(), sandbox_of(demo), role) for role in ("agent", "agent2")]
    chief = Desk(new_page(), sandbox_of(demo), "supervisor")
    for desk in (*desks, chief):
        home = desk.page.url.split("/conversations/")[0]
        desk.page.goto(f"{home}/conversations/?tab=all")
        desk.page.wait_for_load_state("load")
        desk.open(words)
        desk.page.evaluate("window.wasNotLoadedAgain = true")
    first, second = desks

    for desk in desks:
        take = desk.page.locator('[data-key="take"]')
        if take.count():  # who was quicker may have been given it already
            take.click(no_wait_after=True)
    for desk in desks:
        expect(desk.speaker).to_contain_text("和市民说话", timeout=ANSWER)
    has = [desk for desk in desks if "现在由您" in desk.speaker.inner_text()]
    assert len(has) == 1
    winner = has[0]
    loser = second if winner is first else first
    expect(loser.speaker).not_to_contain_text("现在由您")
    winner.say("您好，我来处理。")
    expect(phone.page.get_by_text("您好，我来处理。")).to_have_count(1, timeout=ANSWER)
    for desk in (loser, chief):
        expect(desk.lines.get_by_text("您好，我来处理。")).to_have_count(1, timeout=ANSWER)

    winner.page.locator("#words").fill("正在写的话")
    chief.take_over()
    expect(chief.speaker).to_contain_text("现在由您", timeout=ANSWER)
    expect(winner.speaker).to_contain_text("和市民说话", timeout=ANSWER)
    expect(winner.speaker).not_to_contain_text("现在由您", timeout=ANSWER)
    assert winner.page.locator("#words").input_value() == "正在写的话"
    chief.say("我是主管，这件事我盯着。")
    expect(phone.page.get_by_text("我是主管，这件事我盯着。")).to_have_count(1, timeout=ANSWER)
    expect(winner.lines.get_by_text("我是主管，这件事我盯着。")).to_have_count(1, timeout=ANSWER)
    assert phone.page.get_by_text("正在写的话").count() == 0
    for desk in (*desks, chief):
        assert desk.page.evaluate("window.wasNotLoadedAgain") is True


def test_what_was_said_while_the_desk_was_gone_is_there_once_it_is_back(
    demo: Demo, new_page: NewPage
) -> None:
    phone = Phone(new_page(390), sandbox_of(demo), "断线时说话的人")
    phone.ask("断线那位，我要转人工")
    desk = Desk(new_page(), sandbox_of(demo), "supervisor")
    desk.page.goto(f"{desk.page.url.split('/conversations/')[0]}/conversations/?tab=all")
    desk.page.wait_for_load_state("load")
    desk.open("断线那位")
    if desk.page.locator('[data-key="take"]').count():
        desk.take_over()
    expect(desk.speaker).to_contain_text("现在由您", timeout=ANSWER)
    desk.page.evaluate("window.wasNotLoadedAgain = true")
    demo.kill("desk")
    told = ["断线第一句", "断线第二句", "断线第三句"]
    for words in told:
        phone.say(words)
        expect(phone.page.get_by_text(words, exact=True)).to_be_visible(timeout=ANSWER)
    for words in told:
        expect(desk.lines.get_by_text(words)).to_have_count(1, timeout=2 * ANSWER)
    expect(desk.page.locator("#cut")).to_be_hidden(timeout=ANSWER)
    assert desk.page.evaluate("window.wasNotLoadedAgain") is True
    lines = desk.lines.locator(".say.cit .txt").all_inner_texts()
    assert [line for line in lines if line in told] == told


def test_a_click_is_not_lost_when_the_list_renews_itself_under_it(
    demo: Demo, new_page: NewPage
) -> None:
    phone = Phone(new_page(), sandbox_of(demo), "等着的人")
    phone.ask("转人工")
    desk = Desk(new_page(), sandbox_of(demo))
    desk.page.goto(f"{desk.page.url.split('/conversations/')[0]}/conversations/?tab=queue")
    words = desk.row("转人工").first.locator(".last")
    words.hover()
    desk.page.mouse.down()
    with desk.page.expect_response(lambda response: "/conversations/rows" in response.url):
        # As when anything changes anywhere: the row's waiting time is another by now.
        desk.page.evaluate("document.dispatchEvent(new CustomEvent('qm:again'))")
    desk.page.mouse.up()
    expect(desk.lines).to_be_visible(timeout=ANSWER)


def test_what_a_reviewer_publishes_or_withdraws_is_what_citizens_hear_next(
    demo: Demo, new_page: NewPage
) -> None:
    chat = WebChat(new_page(), demo.gateway)
    before = chat.ask(DOG_QUESTION).locator(".txt").inner_text().partition("——")[0].strip()
    [[question]] = demo.rows("SELECT question FROM knowledge_entry WHERE answer = ?", before)

    reviewer = KnowledgeDesk(new_page(), sandbox_of(demo))
    reviewer.open(str(question))
    assert reviewer.answer.input_value() == before
    reviewer.answer.fill(f"办证窗口这个月搬到文化路八号。{before}")
    reviewer.publish()
    hears(chat, lambda said: "文化路八号" in said)

    reviewer.open(str(question))
    reviewer.withdraw()
    hears(chat, lambda said: before[:20] not in said)


def hears(chat: WebChat, is_heard: Callable[[str], bool]) -> None:
    """Ask until the answer is the new one, for as long as publishing may take."""
    deadline = time.monotonic() + PUBLISHED_WITHIN
    while not is_heard(said := chat.ask(DOG_QUESTION).inner_text()):
        assert time.monotonic() < deadline, said


def test_the_web_chat_comes_back_after_the_gateway_was_killed_and_nothing_is_lost_or_doubled(
    demo: Demo, new_page: NewPage
) -> None:
    chat = WebChat(new_page(390), demo.gateway)
    keyboard = chat.page.keyboard
    keyboard.press("Tab")
    expect(chat.page.get_by_role("link", name="跳到输入框")).to_be_focused()
    keyboard.press("Enter")
    keyboard.type("居住证怎么办")
    keyboard.press("Enter")
    expect(chat.answers.last).to_contain_text("居住证", timeout=ANSWER)
    answered = chat.answers.count()

    gone = demo.kill("gateway")
    expect(chat.state).to_contain_text("重新连接", timeout=ANSWER)
    keyboard.type("老年卡怎么办")
    keyboard.press("Enter")
    expect(chat.own.last).to_contain_text("正在发送")
    expect(chat.state).to_have_text("", timeout=4 * ANSWER)
    assert demo.has_started_again("gateway", gone)
    expect(chat.own.last).to_contain_text("已发送", timeout=ANSWER)
    expect(chat.answers).to_have_count(answered + 1, timeout=ANSWER)
    expect(chat.answers.last).to_contain_text("老人")
    expect(chat.own).to_have_count(2)
    seen = spoken(chat)

    chat.page.reload()
    expect(chat.talk).to_have_attribute("aria-busy", "false", timeout=ANSWER)
    assert spoken(chat) == seen
    assert chat.page.evaluate("document.documentElement.scrollWidth") <= 390


def spoken(chat: WebChat) -> list[str]:
    return chat.page.locator("#talk .say .txt").all_inner_texts()


def test_a_picture_from_the_phone_is_shown_to_the_agent(
    demo: Demo, new_page: NewPage, tmp_path: Path
) -> None:
    phone = Phone(new_page(390), sandbox_of(demo), "拍照的人")
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390
    phone.ask("路灯坏了，我拍了照片")
    picture = tmp_path / "lamp.png"
    picture.write_bytes(a_png(120, 90))
    phone.send_picture(picture)
    expect(phone.page.get_by_alt_text("市民发的照片").last).to_be_visible()

    desk = Desk(new_page(), sandbox_of(demo))
    desk.show("全部")
    desk.open("［照片］")
    shown = desk.lines.get_by_alt_text("市民发来的照片").last
    expect(shown).to_be_visible(timeout=ANSWER)
    shown.evaluate("image => image.decode()")
    assert shown.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [120, 90]


def test_an_agent_pastes_a_picture_and_picks_a_paper_and_the_citizen_has_both(
    demo: Demo, new_page: NewPage, tmp_path: Path
) -> None:
    chat = WebChat(new_page(390), demo.gateway)
    chat.ask("怎么走到政务大厅，我要人工")
    desk = Desk(new_page(), sandbox_of(demo))
    desk.page.goto(f"{desk.page.url.split('?')[0]}?tab=queue")
    desk.open("怎么走到政务大厅")
    desk.take_over()
    page = desk.page
    expect(page.get_by_role("button", name="添加图片和文件")).to_be_visible(timeout=ANSWER)
    page.evaluate(
        """async picture => {
            const box = document.getElementById("words");
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(picture)], "路线图.png", {type: "image/png"}));
            box.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true}));
        }""",
        list(a_png(120, 90)),
    )
    paper = tmp_path / "申请表.pdf"
    paper.write_bytes(b"%PDF-1.7\n" + bytes(2000))
    page.locator("#files").set_input_files(paper)
    attached = page.locator("#attached li")
    expect(attached).to_have_text(["路线图.png×", "申请表.pdf×"])

    desk.say("请看路线图")
    expect(attached).to_have_count(0, timeout=ANSWER)
    shown = chat.talk.get_by_alt_text("路线图.png")
    expect(shown).to_be_visible(timeout=ANSWER)
    shown.evaluate("image => image.decode()")
    assert shown.evaluate("image => image.naturalWidth") == 120
    with chat.page.expect_download() as download:
        chat.talk.get_by_role("link", name="申请表.pdf").click()
    assert download.value.suggested_filename == "申请表.pdf"
    assert download.value.path().read_bytes() == paper.read_bytes()
    expect(desk.lines.get_by_text("申请表.pdf")).to_be_visible()
    expect(desk.lines.get_by_alt_text("路线图.png")).to_be_visible()
    # A picture that grows into the talk does not leave its end out of sight.
    expect(page.locator("[data-to-end]")).to_be_hidden()
    expect(desk.lines.locator(".say").last).to_be_in_viewport()


def a_png(width: int, height: int) -> bytes:
    """A grey picture of this size."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = b"".join(b"\0" + b"\x88" * width for _row in range(height))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
