"""What moved between lines, over the API: read by both, changed by who has it now."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from desk.cases.opening import Known, open_by_hand
from desk.conversations.models import Author, Citizen, Conversation, Message
from desk.people.models import Hotline, User
from tests.desk.api.conftest import Api

pytestmark = pytest.mark.django_db


@pytest.fixture
def moved(
    hotline: Hotline, user: Callable[..., User], as_user: Callable[[User], Api]
) -> tuple[Api, Api, str, int]:
    """Who gave and who got, the case's number and the talk's."""
    tiny = Hotline.objects.create(code="69112345", name="延庆热线")
    here, there = user("here"), user("there")
    here.hotlines.add(tiny)
    there.hotlines.add(hotline)
    citizen = Citizen.objects.create(account="a", channel="wechat", external_id="c1")
    talk = Conversation.objects.create(citizen=citizen, hotline=tiny)
    Message.objects.create(conversation=talk, author=Author.CITIZEN, text="护栏断了")
    case = open_by_hand(here, tiny.code, "护栏断了", Known(), talk)
    open_by_hand(here, tiny.code, "另一件事", Known(), talk)
    giver = as_user(here)
    body = {"hotline": "12345", "reason": "市里的路"}
    answer = giver.post(f"/cases/{case.number}/transfer", body)
    assert answer.status_code == 200
    assert answer.json()["hotline"] == "12345"
    return giver, as_user(there), case.number, talk.pk


def test_the_talk_is_read_by_who_got_the_case(moved: tuple[Api, Api, str, int]) -> None:
    _giver, getter, number, talk = moved
    read = getter.get(f"/conversations/{talk}").json()
    assert read["hotline"] == "69112345"
    assert read["messages"][0]["text"] == "护栏断了"
    assert read["cases"] == [number]  # the talk's other case is not theirs


def test_who_gave_it_reads_it_and_changes_nothing(moved: tuple[Api, Api, str, int]) -> None:
    giver, _getter, number, _talk = moved
    assert giver.get(f"/cases/{number}").json()["number"] == number
    assert giver.get(f"/cases/{number}", reveal="true").status_code == 403
    assert giver.post(f"/cases/{number}/note", {"note": "x"}).status_code == 404
    listed = giver.get("/cases", away="true").json()["items"]
    assert [case["number"] for case in listed] == [number]
    assert number not in [case["number"] for case in giver.get("/cases").json()["items"]]


def test_a_key_that_does_not_fit_is_named(moved: tuple[Api, Api, str, int]) -> None:
    _giver, getter, number, _talk = moved
    body = {"hotline": "69112345", "reason": "x", "with_talk": "perhaps"}
    answer = getter.post(f"/cases/{number}/transfer", body)
    assert answer.status_code == 422
    assert "with_talk" in answer.json()["error"]["message"]


def test_a_case_for_a_merged_line_is_opened_at_the_one_that_serves(
    hotline: Hotline, user: Callable[..., User], as_user: Callable[[User], Api]
) -> None:
    Hotline.objects.create(code="96105", name="朝阳热线", merged_into=hotline)
    agent = user("agent")
    agent.hotlines.add(hotline)
    answer = as_user(agent).post("/cases", {"hotline": "96105", "content": "路灯不亮"})
    assert answer.status_code == 201
    assert answer.json()["hotline"] == "12345"
