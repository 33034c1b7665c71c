from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from desk.cases.models import Case
from desk.conversations.models import Author, Conversation, Owner
from desk.people.models import Department, Hotline, Role, User
from tests.desk.pages.conftest import HTMX, says

pytestmark = pytest.mark.django_db

type Talks = Callable[..., Conversation]
type Browser = Callable[[User], Client]
type Users = Callable[..., User]


def test_who_waits_longest_stands_first(browser: Browser, user: Users, talk: Talks) -> None:
    now = timezone.now()
    talk("刚来的", owner=Owner.QUEUE, queued_at=now - timedelta(seconds=20))
    talk("等了很久的", owner=Owner.QUEUE, queued_at=now - timedelta(minutes=4))

    page = browser(user()).get("/conversations/?tab=queue").text

    assert page.index("等了很久的") < page.index("刚来的")
    assert 'class="wait num late"' in page
    assert "等 4:0" in page


def test_an_agent_with_talks_lands_on_their_own(browser: Browser, user: Users, talk: Talks) -> None:
    agent = user()
    talk("我手上的", owner=Owner.AGENT, agent=agent)
    talk("排队的", owner=Owner.QUEUE)

    page = browser(agent).get("/conversations/").text

    assert "我手上的" in page
    assert "排队的" not in page
    assert "等我答复 1" in page


def test_nobody_in_the_queue_is_said_in_words(browser: Browser, user: Users, talk: Talks) -> None:
    talk("机器人在答")

    page = browser(user()).get("/conversations/?tab=queue").text

    assert "没有人在排队" in page
    assert "现在有 1 个会话在进行" in page


def test_talks_of_another_hotline_are_not_seen(
    browser: Browser, user: Users, talk: Talks, hotline: Hotline
) -> None:
    other = Hotline.objects.create(code="96105", name="朝阳")
    theirs = talk("别人的热线", hotline=other, owner=Owner.QUEUE)
    agent = user()
    agent.hotlines.add(hotline)
    client = browser(agent)

    assert "别人的热线" not in client.get("/conversations/?tab=all").text
    assert "别人的热线" not in client.get("/conversations/?tab=all&hotline=96105").text
    assert client.get(f"/conversations/{theirs.pk}/").status_code == 404
    assert client.get(f"/conversations/{theirs.pk}/open").status_code == 404
    assert client.post(f"/conversations/{theirs.pk}/take-over").status_code == 404
    assert client.post(f"/conversations/{theirs.pk}/reveal").status_code == 404


def test_a_handler_does_not_open_talks(browser: Browser, user: Users, talk: Talks) -> None:
    number = talk().pk
    client = browser(user("handler", Role.HANDLER, department=Department.objects.create(name="局")))

    for address in ("", "rows", f"{number}/", f"{number}/open", "entries/x-1"):
        answer = client.get(f"/conversations/{address}")
        assert answer.status_code == 403
        assert "路灯不亮" not in answer.text
    assert client.post(f"/conversations/{number}/say", {"text": "您好"}).status_code == 403


def test_who_is_not_logged_in_is_asked_to(client: Client, talk: Talks) -> None:
    answer = client.get(f"/conversations/{talk().pk}/")

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/login/")


def test_talks_are_found_by_words_case_number_and_end_of_the_phone(
    browser: Browser, user: Users, talk: Talks, case: Callable[..., Case]
) -> None:
    wanted = talk("井盖翘起来了", name="孙先生", phone="13900006207")
    number = case(conversation=wanted).number
    talk("别的事情")
    client = browser(user())

    for q in ("井盖", "孙先", "6207", number):
        page = client.get("/conversations/rows", {"tab": "all", "q": q}, headers=HTMX).text
        assert "井盖翘起来了" in page
        assert "别的事情" not in page


def test_a_long_list_comes_in_steps(browser: Browser, user: Users, talk: Talks) -> None:
    for number in range(53):
        talk(f"第{number}句")
    client = browser(user())

    first = client.get("/conversations/rows?tab=all").text
    second = client.get("/conversations/rows?tab=all&limit=100").text

    assert first.count("data-talk=") == 50
    assert 'data-more="100"' in first
    assert second.count("data-talk=") == 53
    assert "data-more" not in second


def test_more_rows_cost_no_more_queries(
    browser: Browser, user: Users, talk: Talks, case: Callable[..., Case]
) -> None:
    agent = user()
    client = browser(agent)

    def queries(rows: int) -> int:
        for _row in range(rows):
            made = talk(owner=Owner.AGENT, agent=agent)
            case(conversation=made)
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get("/conversations/?tab=mine").text.count("data-talk=") >= rows
        return len(found)

    few = queries(3)
    assert queries(27) == few


def test_a_phone_in_the_last_words_is_masked(browser: Browser, user: Users, talk: Talks) -> None:
    talk("我的电话 13900006207", owner=Owner.QUEUE)

    page = browser(user()).get("/conversations/?tab=queue").text

    assert "139****6207" in page
    assert "13900006207" not in page


def test_the_long_talk_shows_its_end_and_the_rest_when_asked(
    browser: Browser, user: Users, talk: Talks
) -> None:
    made = talk("第一句")
    for number in range(110):
        says(made, f"第{number}条", author=Author.CITIZEN)
    client = browser(user())

    page = client.get(f"/conversations/{made.pk}/open").text
    assert "第109条" in page
    assert "第一句" not in page

    earlier = page.partition('data-earlier="')[2].partition('"')[0]
    assert "第一句" in client.get(f"/conversations/{made.pk}/open?since={earlier}").text
