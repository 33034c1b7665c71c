"""A talk is its line's. A case that came from it opens it to the case's line, to read."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from desk.cases.models import Case, JoinedCitizen
from desk.cases.opening import Known, open_by_hand
from desk.cases.steps import take
from desk.conversations.models import Author, Citizen, Conversation, Message
from desk.conversations.reading import talk_to_read
from desk.people.models import Hotline, Role, User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _plain_static(settings: Any) -> None:
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


class Two:
    """A tiny line and the city's, a talk at the first, and the case that it became."""

    def __init__(self, city: Hotline) -> None:
        self.city = city
        self.tiny = Hotline.objects.create(code="69112345", name="延庆热线")
        self.here = self._agent("here", self.tiny)
        self.there = self._agent("there", city)
        citizen = Citizen.objects.create(
            account="69112345-wechat", channel="wechat", external_id="c1", phone="13912345678"
        )
        self.talk = Conversation.objects.create(citizen=citizen, hotline=self.tiny)
        Message.objects.create(
            conversation=self.talk, author=Author.CITIZEN, text="水库边的护栏断了"
        )
        self.case = open_by_hand(self.here, self.tiny.code, "护栏断了", Known(), self.talk)

    def _agent(self, name: str, line: Hotline) -> User:
        user = User.objects.create(username=name, role=Role.AGENT, display_name=name)
        user.hotlines.add(line)
        return user

    def transfer(self) -> Case:
        body = {"hotline": self.city.code, "reason": "市里的路"}
        return take(self.case.number, "transfer", self.here, body, at=timezone.now())


@pytest.fixture
def two(hotline: Hotline) -> Two:
    return Two(hotline)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_before_the_transfer_the_other_line_reads_nothing(two: Two) -> None:
    assert talk_to_read(two.there, two.talk.pk) is None
    assert browser(two.there).get(f"/conversations/{two.talk.pk}/").status_code == 404
    assert browser(two.there).get(f"/cases/{two.case.number}/").status_code == 404


def test_who_has_the_case_reads_its_talk_and_where_it_came_from(two: Two) -> None:
    two.transfer()
    found = talk_to_read(two.there, two.talk.pk)
    assert found is not None
    assert found.because_of == two.case
    page = browser(two.there).get(f"/conversations/{two.talk.pk}/").content.decode()
    assert "水库边的护栏断了" in page
    assert "延庆热线" in page
    case = browser(two.there).get(f"/cases/{two.case.number}/").content.decode()
    assert f"/conversations/{two.talk.pk}/" in case
    assert 'id="moved"' in case
    assert "69112345 延庆热线" in case
    assert "69112345 → 12345" in case


def test_reading_is_all(two: Two) -> None:
    two.transfer()
    client = browser(two.there)
    page = client.get(f"/conversations/{two.talk.pk}/").content.decode()
    assert 'id="compose"' not in page
    assert "take-over" not in page
    assert "13912345678" not in page
    for step in ("take-over", "note", "say", "reveal", "close", "open-case"):
        answer = client.post(f"/conversations/{two.talk.pk}/{step}", {"text": "x"})
        assert answer.status_code == 404, step
    assert Conversation.objects.get().owner == "bot"


def test_a_talk_of_who_joined_is_read_as_well(two: Two) -> None:
    other = Citizen.objects.create(account="69112345-wechat", channel="wechat", external_id="c2")
    talk = Conversation.objects.create(citizen=other, hotline=two.tiny)
    JoinedCitizen.objects.create(case=two.case, citizen=other, conversation=talk)
    unrelated = Conversation.objects.create(
        citizen=other, hotline=two.tiny, closed_at=timezone.now()
    )
    two.transfer()
    assert talk_to_read(two.there, talk.pk) is not None
    assert talk_to_read(two.there, unrelated.pk) is None
    page = browser(two.there).get(f"/conversations/{talk.pk}/").content.decode()
    assert f"/conversations/{unrelated.pk}/" not in page


def test_a_handler_reads_no_talk(two: Two, department: Any) -> None:
    two.transfer()
    body = {"department": department.name}
    take(two.case.number, "dispatch", two.there, body, at=timezone.now())
    handler = User.objects.create(username="handler", role=Role.HANDLER, department=department)
    assert talk_to_read(handler, two.talk.pk) is None


def test_the_inbox_of_the_other_line_does_not_list_it(two: Two) -> None:
    two.transfer()
    rows = browser(two.there).get("/conversations/rows", {"tab": "all"}).content.decode()
    assert f'id="row-{two.talk.pk}"' not in rows
