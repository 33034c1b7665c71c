"""What Wagtail has and this desk does not use is not there, whoever asks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from desk.knowledge.publishing import publish
from desk.people.models import Role, User
from tests.desk.knowledge.conftest import an_entry, browser_of

pytestmark = pytest.mark.django_db
USED = (
    *("/admin/", "/admin/account/", "/admin/users/", "/admin/users/new/", "/admin/groups/"),
    *("/admin/knowledge/entries/", "/admin/knowledge/entries/add/"),
    *("/admin/snippets/people/department/", "/admin/snippets/people/hotline/"),
    *("/admin/snippets/knowledge/category/", "/admin/jsi18n/"),
)
UNUSED = (
    *("pages", "choose-page", "choose-external-link", "documents", "images", "collections"),
    *("workflows", "reports", "api", "snippets/choose", "tag-autocomplete", "password_reset"),
    *("failwhale", "test404", "block-preview", "settings", "choose-email-link"),
)


def addresses(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from addresses(one, before + str(one.pattern))
        elif isinstance(one, URLPattern) and "^" not in str(one.pattern):
            yield f"/{before}{one.pattern}"


def without_captures(address: str) -> str:
    """An address as somebody would type it: each captured part is 1."""
    while "<" in address:
        start, end = address.index("<"), address.index(">")
        address = f"{address[:start]}1{address[end + 1 :]}"
    return address.replace("^", "")


def unused() -> list[str]:
    found = {without_captures(one) for one in addresses(get_resolver())}
    return sorted(
        one for one in found if one.startswith(tuple(f"/admin/{name}/" for name in UNUSED))
    )


def test_there_is_a_lot_of_it() -> None:
    assert len(unused()) > 100


@pytest.mark.parametrize("role", [Role.EDITOR, Role.REVIEWER, Role.ADMIN])
def test_what_is_not_used_is_not_there(staff: Any, role: Role) -> None:
    browser = browser_of(staff("somebody", role))
    for address in unused():
        assert browser.get(address).status_code == 404, address
        assert browser.post(address).status_code == 404, address


def test_nor_for_who_is_not_logged_in() -> None:
    assert {Client().get(address).status_code for address in unused()} == {404}


def test_nor_is_the_page_of_uses(staff: Any) -> None:
    browser = browser_of(staff("boss", Role.ADMIN))
    for place in ("knowledge/entries", "snippets/people/department", "users", "groups"):
        assert browser.get(f"/admin/{place}/usage/1/").status_code == 404


def test_what_is_used_is_there(staff: Any) -> None:
    browser = browser_of(staff("boss", Role.ADMIN))
    assert {address: browser.get(address).status_code for address in USED} == dict.fromkeys(
        USED, 200
    )


def test_no_page_leads_to_one_that_is_not_there(staff: Any, reviewer: User) -> None:
    entry = an_entry()
    publish(entry, reviewer)
    browser = browser_of(staff("boss", Role.ADMIN))
    pages = (*USED, f"/admin/knowledge/entries/edit/{entry.pk}/")
    pages += (f"/admin/knowledge/entries/history/{entry.pk}/",)
    for page in pages:
        body = browser.get(page).content.decode()
        links = {part.split('"', 1)[0] for part in body.split('href="/admin/')[1:]}
        # Of what is picked; of nothing they are not there.
        links = {link for link in links if not link.startswith("bulk/")}
        lost = [link for link in links if browser.get(f"/admin/{link}").status_code == 404]
        assert not lost, (page, lost)
