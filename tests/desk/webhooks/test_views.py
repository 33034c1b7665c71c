"""The administrator's pages: a secret seen once, deliveries with what became of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from desk.people.models import Role, User
from desk.webhooks import editing
from desk.webhooks.models import Delivery, Endpoint, Outcome, Reason
from desk.webhooks.posting import Answer
from desk.webhooks.sending import send_due
from desk.webhooks.settling import disable
from tests.desk.webhooks.conftest import OpenCase

pytestmark = pytest.mark.django_db
LIST = "/webhooks/"


@pytest.fixture(autouse=True)
def _plain_static(settings: Any) -> None:
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture
def browser(admin: User) -> Client:
    client = Client()
    client.force_login(admin)
    return client


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_nobody_but_administrators(
    user: Callable[..., User], endpoint: Endpoint, role: Role
) -> None:
    client = Client()
    client.force_login(user("other", role))
    assert client.get(LIST).status_code == 403
    assert client.get(f"{LIST}{endpoint.pk}/").status_code == 403
    for action in ("test", "off", "on", "remove"):
        assert client.post(f"{LIST}{endpoint.pk}/{action}").status_code == 403
    assert Endpoint.objects.filter(active=True).count() == 1


def test_a_secret_is_seen_once(browser: Client) -> None:
    assert "webhook" in browser.get(LIST).text
    made = browser.post(LIST, {"url": "https://city.example/hook", "kind": ["close", "dispatch"]})
    endpoint = Endpoint.objects.get()
    assert made.headers["Location"] == reverse("webhooks:endpoint", args=[endpoint.pk])
    assert endpoint.kinds == ["dispatch", "close"]
    first = browser.get(made.headers["Location"])
    assert endpoint.secret in first.text
    assert "no-store" in first.headers["Cache-Control"]
    assert endpoint.secret not in browser.get(made.headers["Location"]).text
    assert endpoint.secret not in browser.get(LIST).text


def test_what_was_typed_is_kept_when_it_does_not_fit(browser: Client, hotline: object) -> None:
    typed = {"url": "https://us:word@city.example/", "kind": "close", "hotline": "12345"}
    refused = browser.post(LIST, typed)
    assert refused.status_code == 422
    assert 'value="https://us:word@city.example/"' in refused.text
    assert 'value="close" checked' in refused.text
    assert 'value="12345" checked' in refused.text
    assert 'aria-invalid="true"' in refused.text
    assert not Endpoint.objects.exists()


def test_more_than_the_most_are_refused(browser: Client, admin: User) -> None:
    for n in range(editing.MOST):
        editing.add(f"https://city.example/{n}", [], [], by=admin, at=timezone.now())
    assert browser.post(LIST, {"url": "https://city.example/more"}).status_code == 422


def test_what_was_refused_is_shown_and_sent_again(
    browser: Client, endpoint: Endpoint, open_case: OpenCase
) -> None:
    case = open_case()
    send_due(timezone.now(), lambda posts: [Answer(422)] * len(posts))
    page = browser.get(f"{LIST}{endpoint.pk}/").text
    row = Delivery.objects.get()
    assert case.number in page
    assert row.key in page
    assert "422" in page
    again = reverse("webhooks:again", args=[endpoint.pk, row.pk])
    assert again in page
    browser.post(again)
    assert again not in browser.get(f"{LIST}{endpoint.pk}/").text
    send_due(timezone.now(), lambda posts: [Answer(200)] * len(posts))
    row.refresh_from_db()
    assert (row.state, row.tries) == (Outcome.SENT, 1)
    assert browser.post(f"{LIST}999/again/{row.pk}").status_code == 404


def test_an_endpoint_is_tried_turned_off_on_and_removed(
    browser: Client, endpoint: Endpoint
) -> None:
    for action, active in (("test", True), ("off", False), ("on", True)):
        assert browser.post(f"{LIST}{endpoint.pk}/{action}").status_code == 302
        endpoint.refresh_from_db()
        assert endpoint.active is active
    assert endpoint.reason == ""
    assert Delivery.objects.get().event is None
    browser.post(f"{LIST}{endpoint.pk}/remove")
    assert not Endpoint.objects.exists()


def test_the_pages_cost_the_same_for_many(
    browser: Client, admin: User, open_case: OpenCase, django_assert_max_num_queries: Any
) -> None:
    made = [
        editing.add(f"https://city.example/{n}", [], [], by=admin, at=timezone.now())
        for n in range(6)
    ]
    for n in range(12):
        open_case(f"路灯 {n}")
    with django_assert_max_num_queries(12):
        browser.get(LIST)
    with django_assert_max_num_queries(12):
        browser.get(f"{LIST}{made[0].pk}/")


def test_supervisors_see_that_a_system_was_cut_off_and_not_its_address(
    user: Callable[..., User], endpoint: Endpoint
) -> None:
    client = Client()
    client.force_login(user("supervisor", Role.SUPERVISOR))
    assert endpoint.host not in client.get("/chase/").text
    disable(endpoint.pk, Reason.FAILING, timezone.now())
    page = client.get("/chase/").text
    assert endpoint.host in page
    assert str(Reason.FAILING.label) in page
    assert "key=1" not in page
    assert LIST not in page


def test_one_turned_off_by_hand_alarms_nobody(browser: Client, endpoint: Endpoint) -> None:
    disable(endpoint.pk, Reason.BY_HAND, timezone.now())
    assert endpoint.host not in browser.get("/chase/").text
    assert str(_("Turn it on")) in browser.get(f"{LIST}{endpoint.pk}/").text
