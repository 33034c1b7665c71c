"""What an editor does with the groups, and what the page says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from desk.people.models import Role, User
from desk.synonyms.editing import add_group
from desk.synonyms.models import Change, Edition, Group

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(user: Callable[..., User]) -> User:
    return user("editor", Role.EDITOR)


@pytest.fixture
def page(browser: Callable[[User], Client], editor: User) -> Client:
    return browser(editor)


def a_group(editor: User, *names: str) -> Group:
    return add_group(names or ("公交卡", "小绿本"), by=editor, at=timezone.now())


def test_a_group_is_added_and_stands_in_the_list(page: Client) -> None:
    answer = page.post("/synonyms/", {"official": "社会保障卡", "others": "市民卡、社保本\n蓝卡"})
    assert answer.status_code == 302
    assert Group.objects.get().names == ["社会保障卡", "市民卡", "社保本", "蓝卡"]
    text = page.get("/synonyms/").text
    assert "市民卡、社保本、蓝卡" in text
    assert "还没进索引" in text  # nothing publishes in this test
    Edition.objects.update(published=1, published_at=timezone.now())
    assert "还没进索引" not in page.get("/synonyms/").text


@pytest.mark.parametrize(
    ("official", "others", "said"),
    [
        ("", "市民卡", "正式名称"),
        ("社会保障卡", "", "社会保障卡"),
        ("社会保障卡", "、".join(f"名{n}" for n in range(20)), "12"),
        ("社会保障卡", "很" * 21, "20"),
        ("社会保障卡", "小绿本", "小绿本"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(
    page: Client, editor: User, official: str, others: str, said: str
) -> None:
    a_group(editor)
    answer = page.post("/synonyms/", {"official": official, "others": others})
    assert answer.status_code == 422
    fault = answer.text.split('id="fault"')[1].split("</span>")[0]
    assert said in fault
    assert f">{others}</textarea>" in answer.text
    assert Group.objects.count() == 1


def test_two_editors_do_not_overwrite_each_other(
    page: Client, editor: User, user: Callable[..., User], browser: Callable[[User], Client]
) -> None:
    group = a_group(editor)
    other = browser(user("editor2", Role.EDITOR))
    address = f"/synonyms/{group.pk}/"
    typed: dict[str, Any] = {"official": "公交卡", "revision": 1}
    assert other.post(address, typed | {"others": "小绿本、绿卡"}).status_code == 302
    answer = page.post(address, typed | {"others": "小绿本、刷卡本"})
    assert answer.status_code == 422
    assert "editor2" in answer.text
    assert "小绿本、刷卡本</textarea>" in answer.text
    assert Group.objects.get().names == ["公交卡", "小绿本", "绿卡"]
    # Sent once more, it is meant.
    assert page.post(address, typed | {"others": "刷卡本", "revision": 2}).status_code == 302
    assert Group.objects.get().names == ["公交卡", "刷卡本"]


def test_the_history_tells_who_and_what_even_of_a_removed_group(
    page: Client, editor: User, user: Callable[..., User], browser: Callable[[User], Client]
) -> None:
    group = a_group(editor)
    page.post(f"/synonyms/{group.pk}/", {"official": "公交卡", "others": "绿卡", "revision": 1})
    boss = browser(user("reviewer", Role.REVIEWER))
    assert boss.post(f"/synonyms/{group.pk}/remove", {"revision": 2}).status_code == 302
    assert not Group.objects.exists()
    text = page.get("/synonyms/history/").text
    assert "公交卡、小绿本" in text
    assert "reviewer" in text
    assert [change.kind for change in Change.objects.all()] == ["removed", "changed", "added"]


def test_saying_the_same_again_is_no_change(page: Client, editor: User) -> None:
    group = a_group(editor)
    page.post(f"/synonyms/{group.pk}/", {"official": "公交卡", "others": "小绿本", "revision": 1})
    assert Change.objects.count() == 1


def test_a_removed_group_cannot_be_removed_or_changed_again(page: Client, editor: User) -> None:
    group = a_group(editor)
    assert page.post(f"/synonyms/{group.pk}/remove", {"revision": 1}).status_code == 302
    assert (
        page.post(f"/synonyms/{group.pk}/remove", {"revision": 1}, follow=True).status_code == 200
    )
    assert page.post(f"/synonyms/{group.pk}/", {"official": "公交卡"}).status_code == 404
    assert Change.objects.count() == 2


def test_a_stale_page_removes_nothing(page: Client, editor: User) -> None:
    group = a_group(editor)
    Group.objects.update(revision=5)
    page.post(f"/synonyms/{group.pk}/remove", {"revision": 1})
    assert Group.objects.exists()


@pytest.mark.parametrize("role", [Role.AGENT, Role.HANDLER, Role.SUPERVISOR])
def test_other_roles_are_refused(
    user: Callable[..., User],
    browser: Callable[[User], Client],
    editor: User,
    role: Role,
) -> None:
    group = a_group(editor)
    client = browser(user("someone", role))
    for address in ("/synonyms/", f"/synonyms/{group.pk}/", "/synonyms/history/"):
        assert client.get(address).status_code == 403
    assert client.post("/synonyms/", {"official": "甲", "others": "乙"}).status_code == 403
    assert client.post(f"/synonyms/{group.pk}/remove", {"revision": 1}).status_code == 403
    assert Group.objects.count() == 1


def test_a_name_is_found(page: Client, editor: User) -> None:
    a_group(editor)
    a_group(editor, "驾驶证", "本子")
    text = page.get("/synonyms/?q=绿").text
    assert "公交卡" in text
    assert "驾驶证" not in text
    assert "没有" in page.get("/synonyms/?q=没这个").text


def test_the_list_asks_as_often_for_one_group_as_for_many(
    page: Client, editor: User, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    a_group(editor)
    with CaptureQueriesContext(connection) as few:
        page.get("/synonyms/")
    for number in range(9):
        a_group(editor, f"正式{number}", f"别名{number}")
    with django_assert_num_queries(len(few)):
        page.get("/synonyms/")
