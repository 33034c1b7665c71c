"""The letters' list: what became of each mail, who opened it, and sending again by a person."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from desk.cases.models import Case
from desk.handling.openings import opened_by_link
from desk.people.models import Role, User
from desk.supervision.models import Letter, Post

pytestmark = pytest.mark.django_db

type Held = Callable[..., Case]
type Letters = Callable[..., Letter]


@pytest.fixture
def supervisor(browser: Callable[[User], Client], user: Callable[..., User]) -> Client:
    return browser(user("supervisor", Role.SUPERVISOR))


def test_the_list_is_for_supervisors(
    browser: Callable[[User], Client], user: Callable[..., User], letter: Letters
) -> None:
    made = letter()
    agent = browser(user())

    for address in ("/chase/letters/", f"/chase/letters/{made.pk}/"):
        assert agent.get(address).status_code == 403
    assert agent.post(f"/chase/letters/{made.pk}/again").status_code == 403


def test_it_can_be_narrowed_to_what_did_not_arrive(
    supervisor: Client, held: Held, letter: Letters
) -> None:
    made = held()
    sent, refused = letter(made, post=Post.SENT), letter(made, post=Post.REFUSED, reason="550 no")

    whole = supervisor.get("/chase/letters/").text
    assert f"/chase/letters/{sent.pk}/" in whole
    assert "550 no" in whole
    assert f"/chase/letters/{sent.pk}/again" not in whole

    page = supervisor.get("/chase/letters/?which=refused").text
    assert f"/chase/letters/{refused.pk}/again" in page
    assert f"/chase/letters/{sent.pk}/" not in page
    assert supervisor.get("/chase/letters/?which=nonsense&start=x&department=y").status_code == 200
    assert supervisor.get("/chase/letters/?which=unknown").status_code == 200


def test_a_letter_says_who_opened_it(supervisor: Client, held: Held, letter: Letters) -> None:
    sent = letter(held(), post=Post.SENT)
    opened_by_link(sent, name="王工", address="10.1.2.3", at=timezone.now())

    page = supervisor.get(f"/chase/letters/{sent.pk}/").text

    assert "王工" in page
    assert "10.1.2.3" in page


def test_send_again_puts_it_back_and_once_only(
    supervisor: Client, held: Held, letter: Letters
) -> None:
    unknown = letter(held(), post=Post.UNKNOWN)

    answer = supervisor.post(f"/chase/letters/{unknown.pk}/again", {"back": "https://evil.example"})
    assert answer.headers["Location"] == "/chase/letters/"
    unknown.refresh_from_db()
    assert unknown.post == Post.WAITING

    Letter.objects.filter(pk=unknown.pk).update(post=Post.SENT)
    supervisor.post(f"/chase/letters/{unknown.pk}/again")
    unknown.refresh_from_db()
    assert unknown.post == Post.SENT


def test_more_letters_cost_no_more_queries(supervisor: Client, held: Held, letter: Letters) -> None:
    def queries(rows: int) -> int:
        for _row in range(rows):
            letter(held(), post=Post.REFUSED)
        with CaptureQueriesContext(connection) as found:
            supervisor.get("/chase/letters/")
        return len(found)

    few = queries(2)
    assert queries(15) == few
