"""What an agent sees of their own scores, and the one answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from desk.people.models import User
from desk.reviewing import acting
from desk.reviewing.models import Review, State
from tests.desk.reviewing.conftest import Users, a_card

pytestmark = pytest.mark.django_db
type Drawn = Callable[..., Review]


@pytest.fixture
def client(browser: Callable[[User], Client], agent: User) -> Client:
    return browser(agent)


@pytest.fixture
def scored(drawn: Drawn, agent: User, boss: User) -> Review:
    review = drawn(agent)
    card = a_card(red=["promise"], remark="话说满了")
    return acting.score(review.pk, card, revision=0, by=boss, at=timezone.now())


def test_an_agent_reads_the_score_its_remarks_and_the_talk(client: Client, scored: Review) -> None:
    assert f'href="/reviews/mine/{scored.pk}/"' in client.get("/reviews/mine/").text
    page = client.get(f"/reviews/mine/{scored.pk}/").text
    for words in ("话说满了", "总的来说不错", "我替您登记", "boss", "18 / 20"):
        assert words in page
    scored.refresh_from_db()
    assert scored.seen_at is not None


def test_what_is_not_scored_yet_is_not_shown(client: Client, drawn: Drawn, agent: User) -> None:
    review = drawn(agent)
    assert f"/reviews/mine/{review.pk}/" not in client.get("/reviews/mine/").text
    assert client.get(f"/reviews/mine/{review.pk}/").status_code == 404


def test_a_colleagues_and_the_bots_scores_are_not_there(
    client: Client, drawn: Drawn, user: Users
) -> None:
    for review in (drawn(user("other"), state=State.SCORED), drawn(None, state=State.SETTLED)):
        address = f"/reviews/mine/{review.pk}/"
        assert address not in client.get("/reviews/mine/").text
        assert client.get(address).status_code == 404
        assert client.post(address, {"reason": "不对"}).status_code == 404


def test_an_agent_answers_back_once(client: Client, scored: Review) -> None:
    address = f"/reviews/mine/{scored.pk}/"
    assert client.post(address, {"reason": " "}).status_code == 422
    assert client.post(address, {"reason": "市民没有说地址\x00"}).status_code == 302
    scored.refresh_from_db()
    assert (scored.state, scored.answer) == (State.ANSWERED, "市民没有说地址")
    again = client.post(address, {"reason": "还有一条"})
    assert again.status_code == 422
    assert "还有一条" in again.text
    assert "<textarea" not in client.get(address).text


def test_after_seven_days_there_is_no_form(client: Client, scored: Review) -> None:
    Review.objects.update(scored_at=timezone.now() - timedelta(days=8))
    address = f"/reviews/mine/{scored.pk}/"
    assert "<textarea" not in client.get(address).text
    answer = client.post(address, {"reason": "写了很久的理由"})
    assert answer.status_code == 422
    assert "写了很久的理由" in answer.text


def test_the_ruling_comes_to_the_agent_with_its_reason(
    client: Client, scored: Review, agent: User, boss: User
) -> None:
    now = timezone.now()
    acting.see(scored, by=agent, at=now)
    acting.answer_back(scored.pk, "不对", by=agent, at=now)
    acting.rule(scored.pk, a_card(20), "听了录音，您说得对", revision=1, by=boss, at=now)
    page = client.get(f"/reviews/mine/{scored.pk}/").text
    assert "听了录音，您说得对" in page
    assert "0 → 100" in page


def test_without_scores_the_page_says_what_will_stand_there(client: Client) -> None:
    page = client.get("/reviews/mine/")
    assert page.status_code == 200
    assert 'class="void"' in page.text
