"""What people see: the citizen's phone, the web chat, the agent's desk, the reviewer's pages.

Each class is one page as its reader knows it; a test reads as what people do.
"""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

ANSWER = 30_000  # an answer goes through six processes; a busy machine is slow in each
CASE_NUMBER = re.compile(r"\b\d{12}\b")


class Phone:
    """The citizen's WeChat of the demo."""

    def __init__(self, page: Page, sandbox: str, citizen: str, account: str = "12345-wechat"):
        self.page = page
        page.goto(f"{sandbox}/phone?account={account}&citizen={citizen}")
        expect(page.locator("#chat")).not_to_have_attribute("aria-busy", "true")

    @property
    def bubbles(self) -> Locator:
        return self.page.locator("#chat .m:not(.r) .b")

    def say(self, words: str) -> None:
        self.page.get_by_label("说点什么").fill(words)
        self.page.get_by_role("button", name="发送").click()

    def ask(self, words: str) -> Locator:
        """Say it and wait for the next bubble of the hotline."""
        before = self.bubbles.count()
        self.say(words)
        return self.next_after(before)

    def next_after(self, count: int) -> Locator:
        answer = self.bubbles.nth(count)
        expect(answer).to_be_visible(timeout=ANSWER)
        return answer

    def send_picture(self, file: Path) -> None:
        self.page.locator("#file").set_input_files(file)


class WebChat:
    """The hotline's page for people without WeChat."""

    def __init__(self, page: Page, gateway: str, account: str = "12345-web") -> None:
        self.page = page
        page.goto(f"{gateway}/chat/{account}")
        expect(self.talk).to_have_attribute("aria-busy", "false", timeout=ANSWER)
        expect(self.answers.first).to_be_visible(timeout=ANSWER)  # the welcome of a first visit

    @property
    def talk(self) -> Locator:
        return self.page.locator("#talk")

    @property
    def answers(self) -> Locator:
        return self.page.locator("#talk .say:not(.citizen)")

    @property
    def own(self) -> Locator:
        return self.page.locator("#talk .say.citizen")

    @property
    def state(self) -> Locator:
        return self.page.locator("#state")

    def say(self, words: str) -> None:
        self.page.get_by_label("输入您的问题").fill(words)
        self.page.keyboard.press("Enter")

    def ask(self, words: str) -> Locator:
        before = self.answers.count()
        self.say(words)
        answer = self.answers.nth(before)
        expect(answer).to_be_visible(timeout=ANSWER)
        return answer


def enter(page: Page, sandbox: str, role: str) -> None:
    """Through a door of the start page; the desk opens in this page instead of a tab of its own."""
    page.goto(sandbox)
    button = page.locator(f'form[action$="/demo/enter/{role}"] button.door')
    expect(button).to_be_enabled(timeout=ANSWER)
    page.evaluate(
        "document.querySelectorAll('form').forEach(form => form.removeAttribute('target'))"
    )
    button.click()


class Desk:
    """The agent's page of talks."""

    def __init__(self, page: Page, sandbox: str, role: str = "agent") -> None:
        self.page = page
        enter(page, sandbox, role)
        expect(page.locator("#rows")).to_be_visible(timeout=ANSWER)

    @property
    def rows(self) -> Locator:
        return self.page.locator("#rows [data-talk]")

    @property
    def lines(self) -> Locator:
        return self.page.locator("#lines")

    @property
    def case(self) -> Locator:
        return self.page.locator("#case-form")

    @property
    def speaker(self) -> Locator:
        return self.page.locator("#speaker")

    def row(self, words: str) -> Locator:
        """The talk whose last words these are."""
        return self.rows.filter(has_text=words)

    def show(self, tab: str) -> None:
        self.page.locator("#list-tabs").get_by_role("link", name=tab).click()

    def open(self, words: str) -> None:
        self.row(words).first.click()
        expect(self.lines).to_be_visible(timeout=ANSWER)

    def field(self, label: str) -> Locator:
        return self.case.locator(".f").filter(has=self.page.locator(f"dt:text-is('{label}')"))

    def take_over(self) -> None:
        self.speaker.get_by_role("button", name="接管").click()

    def say(self, words: str) -> None:
        box = self.page.locator("#words")
        box.fill(words)
        box.press("Enter")

    def hand_back(self) -> None:
        self.speaker.get_by_role("button", name="交还").click()


class KnowledgeDesk:
    """The reviewer's pages: find an entry, change it, publish it, withdraw it."""

    def __init__(self, page: Page, sandbox: str) -> None:
        self.page = page
        enter(page, sandbox, "reviewer")
        expect(page.get_by_role("heading", name="待办")).to_be_visible(timeout=ANSWER)

    @property
    def done(self) -> Locator:
        """What the page says has happened."""
        return self.page.locator(".messages .success")

    def open(self, question: str) -> None:
        self.page.get_by_role("link", name="知识条目").first.click()
        self.page.locator("#id_q").fill(question)
        entry = self.page.get_by_role("link", name=question, exact=True)
        entry.click(timeout=ANSWER)
        expect(self.answer).to_be_visible(timeout=ANSWER)

    @property
    def answer(self) -> Locator:
        return self.page.get_by_role("textbox", name="答案")

    def publish(self) -> None:
        self.page.locator("footer").get_by_role("button", name="发布").click()
        expect(self.done).to_contain_text("并发布", timeout=ANSWER)

    def withdraw(self) -> None:
        self.page.get_by_role("button", name="更多动作").click()
        self.page.get_by_role("link", name="撤下").click()
        self.page.locator("main").get_by_role("button", name="撤下").click()
        expect(self.done).to_be_visible(timeout=ANSWER)
