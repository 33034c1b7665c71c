"""What a supervisor and an editor read about how the bot answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from desk.conversations.models import Author, Conversation, Message
from desk.knowledge.models import Category, Entry
from desk.knowledge.publishing import publish
from desk.people.models import Hotline, Role, User
from desk.quality.chart import HEIGHT, bars
from desk.quality.figures import Ending, Figures, monday, overview
from tests.desk.pages.conftest import browser, says, talk  # noqa: F401

pytestmark = pytest.mark.django_db
type Users = Callable[..., User]


@pytest.fixture(autouse=True)
def _no_index(monkeypatch: pytest.MonkeyPatch) -> None:
    from desk.quality import views

    monkeypatch.setattr(views, "_calibration", lambda: None)


@pytest.fixture
def asked(talk: Callable[..., Conversation]) -> Callable[..., Message]:  # noqa: F811
    def make(text: str, status: str, *, weeks_ago: int = 0, **more: Any) -> Message:
        at = monday(timezone.now()) - timedelta(weeks=weeks_ago)
        return says(talk("您好", **more), text, status=status, at=at)

    return make


def test_each_question_is_counted_in_its_week_and_hotline(
    user: Users, asked: Callable[..., Message], hotline: Hotline
) -> None:
    other = Hotline.objects.create(code="96105", name="朝阳区市民服务热线")
    asked("居住证怎么办", "answered")
    asked("学历认证", "no_article", weeks_ago=1)
    asked("？？", "not_understood", weeks_ago=1, hotline=other)
    asked("我要投诉", "asked")  # a step of a complaint is no question
    asked("很久以前", "answered", weeks_ago=9)
    found = overview(user("boss", Role.SUPERVISOR), timezone.now(), weeks=8)
    assert [week.whole for week in found.weeks] == [1, 2, 0, 0, 0, 0, 0, 0]
    assert found.whole.counts == {Ending.ANSWERED: 1, Ending.UNKNOWN: 2}
    assert {one.key: one.whole for one in found.hotlines} == {hotline.code: 2, "96105": 1}


def test_a_figure_opens_its_questions_with_numbers_masked(
    user: Users,
    asked: Callable[..., Message],
    browser: Any,  # noqa: F811
) -> None:
    asked("学历认证打13900001234问吗", "no_article")
    asked("居住证怎么办", "answered")
    client = browser(user("boss", Role.SUPERVISOR))
    page = client.get("/answers/").text
    week = monday(timezone.now()).date().isoformat()
    address = f"/answers/questions/?weeks=8&ending=unknown&week={week}&hotline="
    assert address.replace("&", "&amp;") in page
    questions = client.get(address).text
    assert "学历认证" in questions
    assert "13900001234" not in questions
    assert "居住证怎么办" not in questions


def test_an_editor_reads_figures_but_opens_no_talks(
    user: Users,
    asked: Callable[..., Message],
    browser: Any,  # noqa: F811
) -> None:
    message = asked("学历认证", "no_article")
    editor = browser(user("editor", Role.EDITOR))
    assert (
        f"/conversations/{message.conversation_id}/" not in editor.get("/answers/questions/").text
    )
    boss = browser(user("boss", Role.SUPERVISOR))
    assert f"/conversations/{message.conversation_id}/" in boss.get("/answers/questions/").text


def test_answers_are_counted_by_category_with_what_citizens_said_of_them(
    user: Users,
    talk: Callable[..., Conversation],  # noqa: F811
) -> None:
    category = Category.objects.create(name="户籍身份/居住证")
    publish(Entry(external_id="hj-1", question="居住证", answer="答", category=category), None)
    for entry, rating in (("hj-1", "useful"), ("hj-1", "unsolved"), ("hj-1", ""), ("gone", "")):
        Message.objects.create(
            conversation=talk("您好"),
            author=Author.BOT,
            status="answered",
            reason="by_meaning",
            entry=entry,
            rating=rating,
        )
    found = overview(user("boss", Role.SUPERVISOR), timezone.now(), weeks=4)
    first, second = found.categories
    assert (first.name, first.answers, first.useful, first.unsolved) == (category.name, 3, 1, 1)
    assert (first.percent_unsolved, second.percent_unsolved) == ("50%", "")
    assert [(one.words, one.number) for one in found.reasons] == [("照知识库回答（意思相符）", 4)]


@pytest.mark.parametrize("role", [Role.AGENT, Role.HANDLER])
def test_other_roles_are_refused(user: Users, browser: Any, role: Role) -> None:  # noqa: F811
    client = browser(user("someone", role))
    assert client.get("/answers/").status_code == 403
    assert client.get("/answers/questions/").status_code == 403


def test_an_editor_of_one_hotline_sees_that_one(
    user: Users,
    asked: Callable[..., Message],
    hotline: Hotline,
    browser: Any,  # noqa: F811
) -> None:
    other = Hotline.objects.create(code="96105", name="朝阳区市民服务热线")
    asked("别的热线的问题", "no_article", hotline=other)
    editor = user("editor", Role.EDITOR)
    editor.hotlines.add(hotline)
    client = browser(editor)
    assert "别的热线的问题" not in client.get("/answers/questions/?hotline=96105").text


@pytest.mark.parametrize(
    "query", ["weeks=nonsense", "week=2026-13-99", "ending=nonsense", "before=x", "hotline=nowhere"]
)
def test_nonsense_in_the_address_is_left_aside(user: Users, browser: Any, query: str) -> None:  # noqa: F811
    client = browser(user("boss", Role.SUPERVISOR))
    assert client.get(f"/answers/?{query}").status_code == 200
    assert client.get(f"/answers/questions/?{query}").status_code == 200


def test_the_queries_do_not_grow_with_the_questions(
    user: Users, asked: Callable[..., Message]
) -> None:
    boss = user("boss", Role.SUPERVISOR)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as made:
            overview(boss, timezone.now(), weeks=8)
        return len(made)

    asked("一", "answered")
    few = queries()
    for number in range(12):
        asked(f"问题{number}", "menu", weeks_ago=number % 5)
    assert queries() == few


def test_the_chart_stacks_each_week_up_to_the_fullest() -> None:
    full, half = Figures("2026-11-23", "a"), Figures("2026-11-16", "b")
    full.counts.update({Ending.ANSWERED: 6, Ending.UNKNOWN: 2})
    half.counts.update({Ending.MENU: 4})
    first, second = bars([full, half])
    assert (first.figures, second.figures) == (half, full)
    assert sum(piece.height for piece in second.pieces) == HEIGHT
    assert sum(piece.height for piece in first.pieces) == HEIGHT / 2
    assert second.top == 0
