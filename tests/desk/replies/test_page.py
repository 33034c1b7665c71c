from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from desk.people.models import Role, User
from desk.replies.models import CannedReply

pytestmark = pytest.mark.django_db

type Browser = Callable[[User], Client]
type Users = Callable[..., User]


def test_an_agent_keeps_their_own_and_only_their_own(browser: Browser, user: Users) -> None:
    agent, other = user(), user("other")
    client = browser(agent)

    kept = client.post("/replies/", {"title": "问候", "text": "您好"}, follow=True)
    assert "已存" in kept.text
    reply = CannedReply.objects.get()
    assert reply.owner == agent

    stranger = browser(other)
    assert "问候" not in stranger.get("/replies/").text
    assert stranger.get(f"/replies/{reply.pk}/").status_code == 404
    assert stranger.post(f"/replies/{reply.pk}/remove").status_code == 404
    client.post(f"/replies/{reply.pk}/", {"title": "问候", "text": "您好，请讲"})
    assert CannedReply.objects.get().text == "您好，请讲"


def test_the_teams_are_kept_by_supervisors_and_used_by_all(browser: Browser, user: Users) -> None:
    agent = browser(user())
    refused = agent.post("/replies/", {"title": "结束语", "text": "再见", "whose": "team"})
    assert refused.status_code == 422
    assert "班组的快捷回复由班长维护" in refused.text
    assert "再见" in refused.text  # what was typed is still there
    assert not CannedReply.objects.exists()

    lead = browser(user("lead", Role.SUPERVISOR))
    lead.post("/replies/", {"title": "结束语", "text": "再见", "whose": "team"})
    reply = CannedReply.objects.get()
    assert reply.owner is None
    assert "结束语" in agent.get("/replies/").text
    assert agent.get(f"/replies/{reply.pk}/").status_code == 403
    assert agent.post(f"/replies/{reply.pk}/remove").status_code == 403

    assert agent.post(f"/replies/{reply.pk}/used").status_code == 204
    reply.refresh_from_db()
    assert reply.used == 1


def test_an_empty_reply_is_refused_in_words(browser: Browser, user: Users) -> None:
    answer = browser(user()).post("/replies/", {"title": "问候", "text": " "})
    assert answer.status_code == 422
    assert "标题和内容都要填" in answer.text


def test_a_field_that_nothing_fills_is_told(browser: Browser, user: Users) -> None:
    answer = browser(user()).post("/replies/", {"title": "甲", "text": "{{安号}}"}, follow=True)
    assert "这些栏没有来源" in answer.text


def test_a_handler_has_no_replies(browser: Browser, user: Users) -> None:
    assert browser(user("handler", Role.HANDLER)).get("/replies/").status_code == 403
