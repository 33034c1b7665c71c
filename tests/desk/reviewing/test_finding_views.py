"""What a review leads to, one click from its page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from desk.knowledge.models import Entry
from desk.people.models import User
from desk.replies.models import CannedReply
from desk.reviewing.models import Review

pytestmark = pytest.mark.django_db
type Drawn = Callable[..., Review]


@pytest.fixture
def client(browser: Callable[[User], Client], boss: User) -> Client:
    return browser(boss)


@pytest.fixture
def review(drawn: Drawn, agent: User) -> Review:
    return drawn(agent)


def test_a_reply_is_filled_in_with_the_agents_words(client: Client, review: Review) -> None:
    address = f"/reviews/{review.pk}/reply/"
    assert address in client.get(f"/reviews/{review.pk}/").text
    assert "我替您登记，单位今天会联系您" in client.get(address).text
    client.post(address, {"title": "登记", "text": "我替您登记", "whose": "team"})
    reply = CannedReply.objects.get()
    assert reply.owner is None
    assert f'href="/replies/{reply.pk}/"' in client.get(f"/reviews/{review.pk}/").text


def test_a_reply_that_is_not_kept_keeps_what_was_typed(client: Client, review: Review) -> None:
    answer = client.post(f"/reviews/{review.pk}/reply/", {"title": "", "text": "只写了一半"})
    assert answer.status_code == 422
    assert "只写了一半" in answer.text
    assert not review.findings.exists()


def test_a_removed_reply_still_stands_by_its_name(client: Client, review: Review) -> None:
    client.post(f"/reviews/{review.pk}/reply/", {"title": "登记", "text": "好", "whose": "team"})
    CannedReply.objects.all().delete()
    page = client.get(f"/reviews/{review.pk}/")
    assert page.status_code == 200
    assert "登记" in page.text


def test_a_draft_is_filled_in_with_question_and_answer(client: Client, review: Review) -> None:
    address = f"/reviews/{review.pk}/draft/"
    page = client.get(address).text
    assert "德外大街的路灯不亮，找谁修" in page
    assert "我替您登记，单位今天会联系您" in page
    client.post(address, {"question": "路灯不亮找谁", "answer": "请拨打抢修电话"})
    entry = Entry.objects.get()
    page = client.get(f"/reviews/{review.pk}/").text
    assert f"/entries/{entry.external_id}" in page or entry.external_id in page
    assert f'href="{address}"' not in page, "a talk becomes a draft once"


def test_a_second_draft_is_refused_and_nothing_typed_is_lost(
    client: Client, review: Review
) -> None:
    address = f"/reviews/{review.pk}/draft/"
    typed = {"question": "路灯不亮找谁", "answer": "请拨打抢修电话"}
    client.post(address, typed)
    answer = client.post(address, typed | {"answer": "另一种答法"})
    assert answer.status_code == 422
    assert "另一种答法" in answer.text
    assert review.findings.count() == 1


def test_the_bots_words_are_what_its_draft_begins_with(client: Client, drawn: Drawn) -> None:
    assert "请拨打路灯抢修电话" in client.get(f"/reviews/{drawn(None).pk}/draft/").text
