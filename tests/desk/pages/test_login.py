from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from desk.people.models import Role, User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "first_page"),
    [
        (Role.AGENT, "/conversations/"),
        (Role.SUPERVISOR, "/conversations/"),
        (Role.HANDLER, "/handling/"),
        (Role.EDITOR, "/admin/"),
    ],
)
def test_everybody_lands_at_their_work(
    client: Client, user: Callable[..., User], role: Role, first_page: str
) -> None:
    made = user(role=role)
    made.set_password("a long secret")
    made.save()

    client.post("/login/", {"username": made.username, "password": "a long secret"})

    assert client.get("/").headers["Location"] == first_page


def test_a_wrong_password_says_what_to_do_and_keeps_the_name(client: Client) -> None:
    page = client.post("/login/", {"username": "zhou", "password": "no"}).text

    assert "用户名和密码对不上" in page
    assert 'value="zhou"' in page


def test_the_rail_shows_only_what_the_role_uses(
    browser: Callable[[User], Client], user: Callable[..., User]
) -> None:
    agent = browser(user()).get("/cases/").text
    handler = browser(user("handler", Role.HANDLER)).get("/cases/").text

    assert 'href="/conversations/"' in agent
    assert 'href="/conversations/"' not in handler
    assert 'href="/admin/"' not in agent


def test_pages_run_no_script_that_is_not_a_file(
    browser: Callable[[User], Client], user: Callable[..., User]
) -> None:
    for address in ("/conversations/", "/cases/", "/login/"):
        answer = browser(user(address.strip("/"))).get(address)
        page = answer.text
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "<script>" not in page
        assert " onclick=" not in page
        assert ' style="' not in page
