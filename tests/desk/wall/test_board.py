"""The wall board as a supervisor sees it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from desk.conversations.models import Author, Conversation, Owner, OwnerChange
from desk.people.models import Duty, Hotline, Role, ShiftPlan, User
from desk.wall.present import staff_now, talks_now
from tests.desk.pages.conftest import HTMX, browser, talk  # noqa: F401

pytestmark = pytest.mark.django_db
type Users = Callable[..., User]


def present(user: User) -> User:
    user.seen_at = timezone.now()
    user.save()
    return user


def test_it_says_who_waits_and_how_long(
    user: Users,
    talk: Callable[..., Conversation],  # noqa: F811
    browser: Any,  # noqa: F811
) -> None:
    talk("您好")
    waiting = talk("转人工", owner=Owner.QUEUE, name="赵秀英")
    waiting.queued_at = timezone.now() - timedelta(minutes=4, seconds=12)
    waiting.save()
    page = browser(user("boss", Role.SUPERVISOR)).get("/wall/").text
    assert "4:12" in page or "4:13" in page
    assert f"/conversations/{waiting.pk}/" in page
    assert "赵秀英" not in page, "a wall is read by whoever passes"
    found = talks_now()
    assert (found.waiting, found.with_bot, found.longest) == (1, 1, waiting)


def test_it_renews_its_figures_alone(user: Users, browser: Any) -> None:  # noqa: F811
    client = browser(user("boss", Role.SUPERVISOR))
    part = client.get("/wall/", headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert "big-row" in part
    assert 'hx-trigger="every 5s"' in client.get("/wall/").text


def test_an_agent_who_is_planned_and_not_there_is_missing(user: Users, hotline: Hotline) -> None:
    there, missing = present(user("agent")), user("agent2")
    plan = ShiftPlan.objects.create(hotline=hotline)
    for one in (there, missing):
        for shift in range(3):
            Duty.objects.create(plan=plan, shift=shift, user=one)
    found = staff_now(timezone.now(), hotline.code)
    assert [person.user for person in found.there] == [there]
    assert found.missing == [missing]


def test_whoever_lets_people_wait_longest_stands_first(
    user: Users,
    talk: Callable[..., Conversation],  # noqa: F811
) -> None:
    quiet, busy = present(user("agent")), present(user("agent2"))
    since = timezone.now() - timedelta(minutes=2)
    talk("在吗", owner=Owner.AGENT, agent=busy, unanswered_at=since)
    talk("谢谢", owner=Owner.AGENT, agent=quiet)
    first, second = staff_now(timezone.now()).there
    assert (first.user, first.talks, first.owed, first.since) == (busy, 1, 1, since)
    assert (second.user, second.talks, second.owed) == (quiet, 1, 0)


def test_a_talk_that_a_person_took_part_in_is_not_the_bots(
    user: Users,
    talk: Callable[..., Conversation],  # noqa: F811
    browser: Any,  # noqa: F811
) -> None:
    talk("您好")
    helped = talk("转人工")
    OwnerChange.objects.create(
        conversation=helped, before="bot", after="queue", by=Author.CITIZEN, epoch=1
    )
    page = browser(user("boss", Role.SUPERVISOR)).get("/wall/").text
    assert "今天 1 / 2 个会话" in page


def test_late_requests_open_their_talks(
    user: Users,
    talk: Callable[..., Conversation],  # noqa: F811
    browser: Any,  # noqa: F811
) -> None:
    client = browser(user("boss", Role.SUPERVISOR))
    assert "没有" in client.get("/wall/late/").text or "都" in client.get("/wall/late/").text
    waiting = talk("转人工", owner=Owner.QUEUE)
    change = OwnerChange.objects.create(
        conversation=waiting, before="bot", after="queue", by=Author.CITIZEN, epoch=1
    )
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    change.at = max(midnight, timezone.now() - timedelta(minutes=9))
    change.save()
    if timezone.now() - change.at > timedelta(minutes=3):
        assert f"/conversations/{waiting.pk}/" in client.get("/wall/late/").text


@pytest.mark.parametrize("role", [Role.AGENT, Role.EDITOR, Role.REVIEWER, Role.HANDLER])
def test_it_is_for_supervisors(user: Users, browser: Any, role: Role) -> None:  # noqa: F811
    client = browser(user("someone", role))
    assert client.get("/wall/").status_code == 403
    assert client.get("/wall/late/").status_code == 403


def test_a_hotline_that_is_not_there_shows_the_city(user: Users, browser: Any) -> None:  # noqa: F811
    assert browser(user("boss", Role.SUPERVISOR)).get("/wall/?hotline=x").status_code == 200
