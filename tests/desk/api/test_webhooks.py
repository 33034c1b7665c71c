"""Endpoints over the API: an administrator's, their secret told once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from desk.people.models import Hotline, Role, User
from desk.webhooks.models import Delivery, Endpoint
from desk.webhooks.posting import Answer
from desk.webhooks.sending import send_due
from tests.desk.api.conftest import Api

type MakeUser = Callable[..., User]
type AsUser = Callable[[User], Api]
BODY = {"url": "https://city.example/hook", "kinds": ["dispatch"], "hotlines": ["12345"]}


@pytest.fixture
def admin(user: MakeUser, as_user: AsUser, hotline: Hotline) -> Api:
    return as_user(user("admin", Role.ADMIN, is_superuser=True))


def delete(api: Api, path: str) -> int:
    headers = {"Authorization": f"Bearer {api.token}"}
    return int(Client().delete(f"/api/v1{path}", headers=headers).status_code)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_nobody_but_administrators(
    user: MakeUser, as_user: AsUser, hotline: Hotline, role: Role
) -> None:
    api = as_user(user("other", role))
    assert api.get("/webhooks").status_code == 403
    assert api.post("/webhooks", BODY).status_code == 403
    assert api.post("/webhooks/1/test", {}).status_code == 403
    assert delete(api, "/webhooks/1") == 403
    assert not Endpoint.objects.exists()


def test_a_secret_is_told_once(admin: Api) -> None:
    made = admin.post("/webhooks", BODY)
    assert made.status_code == 201
    told = made.json()
    secret = told.pop("secret")
    assert secret == Endpoint.objects.get().secret
    listed = admin.get("/webhooks")
    assert listed.json() == {"items": [told], "next": None}
    assert secret not in listed.content.decode()
    one = admin.get(f"/webhooks/{told['id']}")
    assert one.json() == told | {"deliveries": []}
    assert (told["by"], told["active"], told["kinds"]) == ("admin", True, ["dispatch"])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"url": "hook"}, "url"),
        ({"url": "ftp://city.example/"}, "url"),
        ({"url": None}, "url"),
        ({"kinds": ["gossip"]}, "kinds"),
        ({"hotlines": ["nowhere"]}, "hotlines"),
    ],
)
def test_what_does_not_fit_is_told_by_field(
    admin: Api, change: dict[str, object], field: str
) -> None:
    refused = admin.post("/webhooks", BODY | change)
    assert refused.status_code == 422
    assert [one["field"] for one in refused.json()["error"]["fields"]] == [field]
    assert not Endpoint.objects.exists()


def test_a_test_is_sent_soon_and_its_outcome_read(admin: Api) -> None:
    number = admin.post("/webhooks", BODY).json()["id"]
    made = admin.post(f"/webhooks/{number}/test", {})
    assert (made.status_code, made.json()["state"]) == (202, "pending")
    send_due(timezone.now(), lambda posts: [Answer(200)] * len(posts))
    told = admin.get(f"/webhooks/{number}").json()["deliveries"]
    assert [(one["id"], one["kind"], one["state"], one["code"]) for one in told] == [
        (made.json()["id"], "test", "sent", 200)
    ]


def test_what_is_deleted_is_gone(admin: Api) -> None:
    number = admin.post("/webhooks", BODY).json()["id"]
    admin.post(f"/webhooks/{number}/test", {})
    assert delete(admin, f"/webhooks/{number}") == 204
    assert delete(admin, f"/webhooks/{number}") == 404
    assert admin.get(f"/webhooks/{number}").status_code == 404
    assert not Delivery.objects.exists()
