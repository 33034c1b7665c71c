"""A transfer moves the case with its clock; who gave it away still finds and reads it, no more."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from desk.cases.errors import BadBody
from desk.cases.models import Case, CaseEvent, State
from desk.cases.moments import SHANGHAI
from desk.cases.opening import Known, open_by_hand
from desk.cases.reading import given_away, may_act, readable
from desk.cases.step_forms import step_forms
from desk.cases.steps import take
from desk.conversations.models import Citizen, Conversation, Owner
from desk.people.models import Department, Hotline, Role, User
from desk.workdays.calendar import current

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def _plain_static(settings: Any) -> None:
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


class Two:
    def __init__(self, city: Hotline) -> None:
        self.city = city
        self.tiny = Hotline.objects.create(code="69112345", name="延庆热线")
        self.here, self.there = self._agent("here", self.tiny), self._agent("there", city)
        citizen = Citizen.objects.create(account="a", channel="wechat", external_id="c1")
        self.talk = Conversation.objects.create(
            citizen=citizen, hotline=self.tiny, owner=Owner.AGENT, agent=self.here
        )
        self.case = open_by_hand(self.here, self.tiny.code, "护栏断了", Known(), self.talk)

    def _agent(self, name: str, line: Hotline) -> User:
        user = User.objects.create(username=name, role=Role.AGENT, seen_at=timezone.now())
        user.hotlines.add(line)
        return user

    def transfer(self, by: User | None = None, **more: Any) -> Case:
        body = {"hotline": self.city.code, "reason": "市里的路", **more}
        return take(self.case.number, "transfer", by or self.here, body, at=timezone.now())


@pytest.fixture
def two(hotline: Hotline) -> Two:
    return Two(hotline)


def browser(user: User, **more: Any) -> Client:
    client = Client(**more)
    client.force_login(user)
    return client


def test_file_and_clock_go_along(two: Two, department: Department) -> None:
    body = {"department": department.name}
    before = take(two.case.number, "dispatch", two.here, body, at=MONDAY)
    after = two.transfer()
    assert (after.state, after.due_at, after.department) == (
        State.DISPATCHED,
        before.due_at,
        department,
    )
    event = CaseEvent.objects.get(kind="transfer")
    assert (event.data, event.note) == ({"from": "69112345", "to": "12345"}, "市里的路")


def test_who_gave_it_away_finds_it_in_a_list_of_its_own(two: Two) -> None:
    two.transfer()
    assert two.case not in readable(two.here)
    assert list(given_away(two.here)) == [two.case]
    assert not given_away(two.there).exists()
    client = browser(two.here)
    assert two.case.number not in client.get("/cases/").content.decode()
    away = client.get("/cases/", {"away": "1"}).content.decode()
    assert two.case.number in away
    assert "12345 市民热线" in away


def test_what_comes_back_is_away_no_more(two: Two) -> None:
    two.transfer()
    back = {"hotline": two.tiny.code, "reason": "是区里的路"}
    take(two.case.number, "transfer", two.there, back, at=timezone.now())
    assert not given_away(two.here).exists()
    assert list(given_away(two.there)) == [two.case]


def test_who_serves_every_line_sees_all_that_moved(two: Two) -> None:
    supervisor = User.objects.create(username="s", role=Role.SUPERVISOR)
    two.transfer()
    assert list(given_away(supervisor)) == [two.case]
    assert list(given_away(supervisor, two.tiny.code)) == [two.case]
    assert not given_away(supervisor, two.city.code).exists()
    assert may_act(supervisor, Case.objects.get())


def test_what_was_given_away_is_read_and_not_changed(two: Two) -> None:
    two.transfer()
    client = browser(two.here)
    page = client.get(f"/cases/{two.case.number}/")
    assert page.status_code == 200
    assert 'data-step="note"' not in page.content.decode()
    for address, body in (
        ("note", {"note": "x"}),
        ("reveal", {}),
        ("fields", {}),
        ("transfer", {"hotline": "69112345", "reason": "x"}),
    ):
        answer = client.post(f"/cases/{two.case.number}/{address}", body)
        assert answer.status_code == 404, address
    assert not CaseEvent.objects.filter(kind="note").exists()


def test_beside_its_talk_a_case_that_went_is_still_shown_and_no_second_one_asked_for(
    two: Two,
) -> None:
    two.transfer()
    page = browser(two.here).get(f"/conversations/{two.talk.pk}/").content.decode()
    assert two.case.number in page
    assert 'id="register"' not in page
    assert f"/cases/{two.case.number}/note" not in page


def test_the_open_talk_goes_along_when_asked_for(two: Two) -> None:
    two.transfer(with_talk=True)
    two.talk.refresh_from_db()
    assert (two.talk.hotline, two.talk.owner) == (two.city, Owner.QUEUE)
    assert CaseEvent.objects.get(kind="transfer").data["with_talk"] is True


def test_otherwise_it_stays_with_who_has_it(two: Two) -> None:
    two.transfer()
    two.talk.refresh_from_db()
    assert (two.talk.hotline, two.talk.agent) == (two.tiny, two.here)


def test_when_the_talk_cannot_go_nothing_goes(two: Two) -> None:
    User.objects.filter(pk=two.there.pk).update(seen_at=timezone.now() - timedelta(hours=1))
    with pytest.raises(BadBody):
        two.transfer(with_talk=True)
    two.talk.refresh_from_db()
    assert Case.objects.get().hotline == two.tiny
    assert (two.talk.hotline, two.talk.owner) == (two.tiny, Owner.AGENT)
    assert not CaseEvent.objects.filter(kind="transfer").exists()


def test_a_colleagues_talk_is_not_passed_on(two: Two) -> None:
    colleague = User.objects.create(username="colleague", role=Role.AGENT)
    colleague.hotlines.add(two.tiny)
    with pytest.raises(BadBody):
        two.transfer(colleague, with_talk=True)


@pytest.mark.parametrize(("owner", "is_offered"), [(Owner.AGENT, True), (Owner.BOT, False)])
def test_the_form_offers_it_only_when_it_can_go(two: Two, owner: str, is_offered: bool) -> None:
    Conversation.objects.update(owner=owner, agent=two.here if is_offered else None)
    case = Case.objects.select_related("conversation").get()
    [form] = [
        form
        for form in step_forms(case, two.here, timezone.now(), current())
        if form.name == "transfer"
    ]
    assert ("with_talk" in [ask.name for ask in form.asks]) is is_offered
    page = browser(two.here).get(f"/cases/{case.number}/").content.decode()
    assert ('name="with_talk"' in page) is is_offered


def test_the_form_takes_the_talk_along(two: Two) -> None:
    body = {"hotline": "12345", "reason": "市里的路", "with_talk": "yes"}
    browser(two.here).post(f"/cases/{two.case.number}/transfer", body)
    two.talk.refresh_from_db()
    assert two.talk.hotline == two.city


def test_a_merged_line_is_not_offered_and_means_the_one_that_serves(two: Two) -> None:
    old = Hotline.objects.create(code="96105", name="朝阳热线", merged_into=two.city)
    page = browser(two.here).get(f"/cases/{two.case.number}/").content.decode()
    assert f'value="{old.code}"' not in page
    body = {"hotline": old.code, "reason": "市里的路"}
    case = take(two.case.number, "transfer", two.here, body, at=timezone.now())
    assert case.hotline == two.city
