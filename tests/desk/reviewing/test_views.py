"""The queue and the scoring page, as a supervisor finds them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from desk.cases.models import Case
from desk.conversations.models import Author
from desk.people.models import Hotline, Role, User
from desk.reviewing import acting
from desk.reviewing.models import Review, SampleRule, State
from desk.reviewing.months import month_of
from tests.desk.reviewing.conftest import (
    AFTER,
    Talks,
    Users,
    a_bots_card,
    a_card,
    as_typed,
    says,
)

pytestmark = pytest.mark.django_db
type Drawn = Callable[..., Review]
OF_OCTOBER = "/reviews/?month=2026-10"


@pytest.fixture
def client(browser: Callable[[User], Client], boss: User) -> Client:
    return browser(boss)


def reviews_on(page: str) -> set[int]:
    """Which reviews a list shows."""
    return {int(found) for found in re.findall(r'href="/reviews/(\d+)/"', page)}


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.SUPERVISOR, 200),
        (Role.ADMIN, 200),
        (Role.EDITOR, 403),
        (Role.REVIEWER, 403),
        (Role.HANDLER, 403),
    ],
)
def test_the_queue_is_the_supervisors(
    browser: Callable[[User], Client], user: Users, role: Role, status: int
) -> None:
    client = browser(user(f"the-{role}", role))
    assert client.get("/reviews/").status_code == status
    assert client.get("/reviews/rules/").status_code == status
    assert client.get("/reviews/mine/").status_code == status


def test_an_agent_comes_in_at_their_own_scores_and_nowhere_else(
    browser: Callable[[User], Client], agent: User, drawn: Drawn
) -> None:
    client = browser(agent)
    review = drawn(agent)
    assert client.get("/reviews/").headers["Location"] == "/reviews/mine/"
    assert client.post("/reviews/draw", {"month": "2026-10"}).status_code == 403
    for address in ("", "rule", "reply/", "draft/"):
        assert client.post(f"/reviews/{review.pk}/{address}", as_typed()).status_code == 403
    for address in ("rules/", f"{review.pk}/", f"{review.pk}/reply/", f"{review.pk}/draft/"):
        assert client.get(f"/reviews/{address}").status_code == 403
    assert client.post("/reviews/rules/drop").status_code == 403
    review.refresh_from_db()
    assert review.state == State.OPEN


def test_an_empty_month_offers_to_draw(client: Client, ended: Talks, agent: User) -> None:
    ended(agent)
    assert "/reviews/draw" in client.get(OF_OCTOBER).text
    page = client.post("/reviews/draw", {"month": "2026-10"}, follow=True)
    assert page.redirect_chain[0][0] == OF_OCTOBER
    assert reviews_on(page.text) == {Review.objects.get().pk}


@pytest.mark.parametrize("month", ["", "x", "2999-01"])
def test_what_cannot_be_drawn_is_said(client: Client, month: str) -> None:
    assert client.post("/reviews/draw", {"month": month}, follow=True).status_code == 200
    assert not Review.objects.exists()


def test_agents_and_bot_stand_in_one_queue_and_are_told_apart(
    client: Client, drawn: Drawn, agent: User, user: Users
) -> None:
    mine, others, bots = drawn(agent), drawn(user("other")), drawn(None)
    assert reviews_on(client.get(OF_OCTOBER).text) == {mine.pk, others.pk, bots.pk}
    assert reviews_on(client.get(f"{OF_OCTOBER}&who=bot").text) == {bots.pk}
    assert reviews_on(client.get(f"{OF_OCTOBER}&who={agent.pk}").text) == {mine.pk}
    assert reviews_on(client.get("/reviews/?month=2026-09").text) == set()


def test_the_state_narrows_the_queue(client: Client, drawn: Drawn, agent: User, boss: User) -> None:
    now = timezone.now()
    waits, scored, answered, old, bots = (drawn(one) for one in (agent, agent, agent, agent, None))
    for review, at in ((scored, now), (answered, now), (old, now - timedelta(days=8))):
        acting.score(review.pk, a_card(), revision=0, by=boss, at=at)
    acting.score(bots.pk, a_bots_card(), revision=0, by=boss, at=now)
    acting.answer_back(answered.pk, "不对", by=agent, at=now)
    shown = {
        state: reviews_on(client.get(f"{OF_OCTOBER}&state={state}").text)
        for state in ("open", "scored", "answered", "settled", "given")
    }
    assert shown == {
        "open": {waits.pk},
        "scored": {scored.pk},
        "answered": {answered.pk},
        "settled": {old.pk, bots.pk},
        "given": {scored.pk, answered.pk, old.pk, bots.pk},
    }


@pytest.mark.parametrize(
    "query", ["?month=2026-99", "?who=x", "?who=99999999999999999999", "?state=x", "?limit=x"]
)
def test_what_makes_no_sense_is_not_asked_for(client: Client, drawn: Drawn, query: str) -> None:
    review = drawn(None)
    page = client.get(f"/reviews/{query}")
    assert page.status_code == 200
    assert reviews_on(page.text) == {review.pk}


def test_each_figure_of_the_month_opens_the_reviews_behind_it(
    client: Client, drawn: Drawn, agent: User, boss: User
) -> None:
    good, red, _open = drawn(agent), drawn(agent), drawn(agent)
    acting.score(good.pk, a_card(17), revision=0, by=boss, at=AFTER)
    acting.score(red.pk, a_card(red=["leak"]), revision=0, by=boss, at=AFTER)
    page = client.get(OF_OCTOBER).text
    who = f"{OF_OCTOBER.removeprefix('/reviews/')}&amp;who={agent.pk}"
    assert f'<a href="{who}&amp;state=given">42.5</a>' in page
    assert f'<a href="{who}&amp;state=given">2</a> / <a href="{who}">3</a>' in page
    assert f'<a class="late" href="{who}&amp;red=1">1</a>' in page
    assert reviews_on(client.get(f"{OF_OCTOBER}&who={agent.pk}&red=1").text) == {red.pk}


def test_a_long_queue_is_shown_in_steps_and_costs_no_query_a_row(
    client: Client,
    drawn: Drawn,
    agent: User,
    django_assert_max_num_queries: Callable[[int], Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for _review in range(30):
        drawn(agent)
    with django_assert_max_num_queries(14):
        assert len(reviews_on(client.get(OF_OCTOBER).text)) == 30
    monkeypatch.setattr("desk.reviewing.views.STEP", 20)
    short = client.get(OF_OCTOBER).text
    assert len(reviews_on(short)) == 20
    assert "limit=" in short


def test_a_scored_talk_leads_to_the_next_one(client: Client, drawn: Drawn, agent: User) -> None:
    first, _bots, second = drawn(agent), drawn(None), drawn(agent)
    answer = client.post(f"/reviews/{first.pk}/", as_typed())
    assert answer.headers["Location"] == f"/reviews/{second.pk}/", "the same agent's come first"
    first.refresh_from_db()
    assert (first.total, first.comment) == (90, "登记得很细")
    assert set(first.marks.values_list("remark", flat=True)) >= {"评语 courtesy"}


def test_the_last_one_leads_back_to_the_queue(client: Client, drawn: Drawn, agent: User) -> None:
    answer = client.post(f"/reviews/{drawn(agent).pk}/", as_typed())
    assert answer.headers["Location"] == OF_OCTOBER


def test_a_mark_points_at_a_line_of_the_talk(client: Client, drawn: Drawn, agent: User) -> None:
    review = drawn(agent)
    said = review.conversation.messages.get(author=Author.AGENT)
    page = client.get(f"/reviews/{review.pk}/").text
    assert f'id="m-{said.pk}"' in page
    client.post(f"/reviews/{review.pk}/", as_typed(line_courtesy="3"))
    assert review.marks.get(criterion="courtesy").message == said
    assert 'value="3"' in client.get(f"/reviews/{review.pk}/").text


@pytest.mark.parametrize(
    "wrong",
    [
        {"points_courtesy": ""},
        {"points_courtesy": "21"},
        {"points_courtesy": "很好"},
        {"line_courtesy": "99"},
        {"red_lines": "no-such-line"},
        {"comment": "字" * 2001},
        {"remark_time": "a\x00b"},
    ],
    ids=str,
)
def test_nothing_typed_is_lost_when_it_cannot_be_kept(
    client: Client, drawn: Drawn, agent: User, wrong: dict[str, str]
) -> None:
    review = drawn(agent)
    answer = client.post(f"/reviews/{review.pk}/", as_typed(17) | wrong)
    assert answer.status_code == 422
    assert "评语 listening" in answer.text
    assert 'name="points_case" value="17"' in answer.text
    review.refresh_from_db()
    assert review.state == State.OPEN


def test_who_was_second_keeps_what_they_typed_and_may_keep_it_then(
    client: Client, drawn: Drawn, agent: User, user: Users
) -> None:
    review = drawn(agent)
    first = user("first", Role.SUPERVISOR)
    acting.score(review.pk, a_card(remark="同事的评语"), revision=0, by=first, at=timezone.now())
    answer = client.post(f"/reviews/{review.pk}/", as_typed(5))
    assert answer.status_code == 422
    assert "同事的评语" in answer.text, "to compare"
    assert "评语 courtesy" in answer.text
    assert 'name="revision" value="1"' in answer.text
    client.post(f"/reviews/{review.pk}/", as_typed(5, revision=1))
    review.refresh_from_db()
    assert review.total == 25


def test_the_own_talk_has_no_form_and_takes_no_score(
    client: Client, drawn: Drawn, boss: User, agent: User
) -> None:
    own, helped = drawn(boss), drawn(agent)
    says(helped.conversation, Author.AGENT, "我来帮一下", AFTER, user=boss)
    for review in (own, helped):
        assert "points_courtesy" not in client.get(f"/reviews/{review.pk}/").text
        assert client.post(f"/reviews/{review.pk}/", as_typed()).status_code == 422
        review.refresh_from_db()
        assert review.state == State.OPEN


def test_the_bots_talk_has_the_bots_form(client: Client, drawn: Drawn) -> None:
    page = client.get(f"/reviews/{drawn(None).pk}/").text
    for name in ("correctness", "asking", "passing", "tone"):
        assert f'name="points_{name}"' in page
    assert "points_courtesy" not in page


def test_the_case_of_the_talk_is_one_click_away(
    client: Client, drawn: Drawn, agent: User, hotline: Hotline
) -> None:
    review = drawn(agent)
    Case.objects.create(
        number="202610150001",
        hotline=hotline,
        content="路灯不亮",
        conversation=review.conversation,
        citizen=review.conversation.citizen,
    )
    assert 'href="/cases/202610150001/"' in client.get(f"/reviews/{review.pk}/").text


@pytest.fixture
def answered(drawn: Drawn, agent: User, boss: User) -> Review:
    review = drawn(agent)
    acting.score(review.pk, a_card(), revision=0, by=boss, at=timezone.now())
    return acting.answer_back(review.pk, "市民没有说地址", by=agent, at=timezone.now())


def test_what_is_answered_back_comes_first_and_shows_its_words(
    client: Client, drawn: Drawn, agent: User, boss: User
) -> None:
    waits, answered = drawn(agent), drawn(agent)
    acting.score(answered.pk, a_card(), revision=0, by=boss, at=timezone.now())
    acting.answer_back(answered.pk, "市民没有说地址", by=agent, at=timezone.now())
    page = client.get(OF_OCTOBER).text
    assert page.index(f"/reviews/{answered.pk}/") < page.index(f"/reviews/{waits.pk}/")
    assert "市民没有说地址" in client.get(f"/reviews/{answered.pk}/").text


def test_a_correction_that_an_answer_overtook_becomes_the_draft_of_a_ruling(
    client: Client, answered: Review
) -> None:
    answer = client.post(f"/reviews/{answered.pk}/", as_typed(19, revision=1))
    assert answer.status_code == 422
    for words in ("市民没有说地址", "评语 courtesy", 'name="reason"', 'name="change"'):
        assert words in answer.text


def test_a_ruling_keeps_or_changes_with_a_reason(client: Client, answered: Review) -> None:
    address = f"/reviews/{answered.pk}/rule"
    typed = as_typed(20, revision=1)
    refused = client.post(address, typed | {"reason": " ", "change": "1"})
    assert refused.status_code == 422
    assert "评语 courtesy" in refused.text
    assert client.post(address, typed | {"reason": "说得对", "change": "1"}).status_code == 302
    answered.refresh_from_db()
    assert (answered.state, answered.total, answered.ruling) == (State.SETTLED, 100, "说得对")
    page = client.get(f"/reviews/{answered.pk}/").text
    assert "90 → 100" in page
    assert "points_courtesy" not in page, "what is settled is only read"


def test_a_score_stays_whatever_else_is_filled_in(client: Client, answered: Review) -> None:
    typed = as_typed(3, revision=1, points_time="", reason="录音里说了", keep="1")
    assert client.post(f"/reviews/{answered.pk}/rule", typed).status_code == 302
    answered.refresh_from_db()
    assert (answered.state, answered.total) == (State.SETTLED, 90)


def test_a_review_that_is_not_there(client: Client) -> None:
    for address in ("", "reply/", "draft/"):
        assert client.get(f"/reviews/77/{address}").status_code == 404
    assert client.post("/reviews/77/rule", as_typed()).status_code == 404


def test_the_rules_are_kept_for_all_or_for_one_hotline(
    client: Client, hotline: Hotline, ended: Talks, agent: User
) -> None:
    typed = {"per_agent": "3", "of_bot": "10", "unsolved_first": "on"}
    assert client.post("/reviews/rules/", typed).status_code == 302
    of_all = SampleRule.objects.get()
    assert (of_all.hotline, of_all.per_agent, of_all.cases_first) == (None, 3, False)
    own = f"/reviews/rules/?hotline={hotline.pk}"
    assert 'value="3"' in client.get(own).text, "it begins with what holds"
    client.post(own, typed | {"per_agent": "8"})
    assert SampleRule.objects.get(hotline=hotline).per_agent == 8
    assert client.post("/reviews/rules/", typed | {"per_agent": "101"}).status_code == 422
    client.post("/reviews/rules/drop", {"hotline": hotline.pk})
    assert SampleRule.objects.get().hotline is None
    assert client.get("/reviews/rules/?hotline=nowhere").status_code == 404


def test_this_month_can_be_drawn_before_it_is_over(
    client: Client, ended: Talks, agent: User
) -> None:
    now = timezone.now()
    ended(agent, now - timedelta(seconds=1))
    client.post("/reviews/draw", {"month": f"{month_of(now):%Y-%m}"})
    assert Review.objects.count() == 1
