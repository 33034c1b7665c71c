from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from desk.knowledge.models import Entry, IndexTask
from desk.people.models import Department, Hotline, Role, User
from desk.people.roles import prepare_groups
from tests.desk.api.conftest import Api

type MakeUser = Callable[..., User]
type AsUser = Callable[[User], Api]

HEATING: dict[str, Any] = {
    "external_id": "KB-1",
    "question": "暖气不热怎么办",
    "similar_questions": ["屋里只有十五度"],
    "answer": "先看是一户不热还是整栋楼不热。",
    "hotlines": ["12345"],
}


@pytest.fixture
def editor(user: MakeUser, as_user: AsUser, hotline: Hotline) -> Api:
    return as_user(user("editor", Role.EDITOR))


@pytest.fixture
def reviewer(user: MakeUser, as_user: AsUser, hotline: Hotline) -> Api:
    return as_user(user("reviewer", Role.REVIEWER))


def test_knowledge_asks_for_a_token_and_the_right(
    nobody: Api, user: MakeUser, as_user: AsUser
) -> None:
    assert nobody.get("/knowledge").status_code == 401
    agent = as_user(user("agent"))
    assert agent.get("/knowledge").status_code == 403
    assert agent.post("/knowledge", HEATING).status_code == 403


def test_what_an_editor_sends_is_a_draft(editor: Api) -> None:
    response = editor.post("/knowledge", HEATING)
    assert response.status_code == 201
    entry = response.json()
    assert entry["status"] == "draft"
    for name, value in HEATING.items():
        assert entry[name] == value
    assert not Entry.objects.get().live
    assert Entry.objects.get().latest_revision.user.username == "editor"


def test_an_editor_cannot_publish_or_withdraw(editor: Api, reviewer: Api) -> None:
    refused = editor.post("/knowledge", HEATING | {"status": "published"})
    assert refused.status_code == 403
    assert Entry.objects.count() == 0
    reviewer.post("/knowledge", HEATING | {"status": "published"})
    assert editor.patch("/knowledge/KB-1", {"status": "withdrawn"}).status_code == 403
    assert Entry.objects.get().live


def test_a_draft_over_a_live_entry_changes_nothing_for_citizens(editor: Api, reviewer: Api) -> None:
    reviewer.post("/knowledge", HEATING | {"status": "published"})
    entry = editor.patch("/knowledge/KB-1", {"answer": "半小时内联系您。"}).json()
    assert (entry["status"], entry["unpublished_changes"]) == ("published", True)
    assert entry["answer"] == "半小时内联系您。"
    assert Entry.objects.get().answer == HEATING["answer"]


def test_a_reviewer_publishes_what_was_drafted(editor: Api, reviewer: Api) -> None:
    editor.post("/knowledge", HEATING)
    editor.patch("/knowledge/KB-1", {"answer": "半小时内联系您。"})
    entry = reviewer.patch("/knowledge/KB-1", {"status": "published"}).json()
    assert (entry["status"], entry["unpublished_changes"]) == ("published", False)
    live = Entry.objects.get()
    assert (live.live, live.answer) == (True, "半小时内联系您。")
    assert IndexTask.objects.filter(external_id="KB-1").exists()


def test_four_eyes_hold_over_the_api_too(reviewer: Api, user: MakeUser, as_user: AsUser) -> None:
    prepare_groups()
    reviewer.post("/knowledge", HEATING)
    entry = Entry.objects.get()
    entry.get_workflow().start(entry, User.objects.get(username="reviewer"))
    assert reviewer.patch("/knowledge/KB-1", {"status": "published"}).status_code == 403
    other = as_user(user("reviewer-b", Role.REVIEWER))
    assert other.patch("/knowledge/KB-1", {"status": "published"}).status_code == 200


def test_withdrawn_is_withdrawn_and_twice_is_once(reviewer: Api) -> None:
    reviewer.post("/knowledge", HEATING | {"status": "published"})
    for _ in range(2):
        response = reviewer.patch("/knowledge/KB-1", {"status": "withdrawn"})
        assert (response.status_code, response.json()["status"]) == (200, "withdrawn")
    assert not Entry.objects.get().live
    assert reviewer.patch("/knowledge/KB-1", {"status": "published"}).json()["status"] == (
        "published"
    )


def test_what_is_changed_with_a_withdrawal_is_kept(reviewer: Api) -> None:
    reviewer.post("/knowledge", HEATING | {"status": "published"})
    body = {"status": "withdrawn", "source": "已废止"}
    assert reviewer.patch("/knowledge/KB-1", body).json()["source"] == "已废止"


def test_null_empties_a_field(editor: Api, department: Department) -> None:
    editor.post("/knowledge", HEATING | {"department": department.name, "source": "公报"})
    nothing = dict.fromkeys(
        ("similar_questions", "keywords", "hotlines", "department", "source", "effective_to")
    )
    entry = editor.patch("/knowledge/KB-1", nothing).json()
    assert [entry[name] for name in nothing] == [[], [], [], "", "", None]


@pytest.mark.parametrize(
    "change",
    [
        {"external_id": "不行"},
        {"question": ""},
        {"answer": None},
        {"hotlines": ["99999"]},
        {"department": "不存在的单位"},
        {"category": "不存在的分类"},
        {"status": "maybe"},
        {
            "effective_from": "2026-02-01T00:00:00+08:00",
            "effective_to": "2026-01-01T00:00:00+08:00",
        },
    ],
)
def test_what_does_not_fit_writes_nothing(editor: Api, change: dict[str, Any]) -> None:
    response = editor.post("/knowledge", HEATING | change)
    assert response.status_code == 422
    assert set(response.json()["error"]) >= {"code", "message"}
    assert Entry.objects.count() == 0


def test_an_id_is_given_once(editor: Api) -> None:
    editor.post("/knowledge", HEATING)
    assert editor.post("/knowledge", HEATING).status_code == 422
    assert Entry.objects.count() == 1


def test_what_is_not_there_is_not_found(editor: Api) -> None:
    for response in (
        editor.get("/knowledge/KB-9"),
        editor.patch("/knowledge/KB-9", {"answer": "无"}),
    ):
        assert response.status_code == 404
        assert response.json()["error"]["code"] == "not_found"


def test_a_list_is_paged_searched_and_asks_no_query_a_row(editor: Api, reviewer: Api) -> None:
    def many(first: int, last: int) -> None:
        for number in range(first, last):
            body = HEATING | {"external_id": f"KB-{number}", "question": f"第{number}个问题"}
            reviewer.post("/knowledge", body | {"status": "published"})
            editor.patch(f"/knowledge/KB-{number}", {"answer": f"改成第{number}版"})

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as counted:
            editor.get("/knowledge")
        return len(counted)

    many(0, 2)
    few = queries()
    many(2, 5)
    assert queries() == few
    first = editor.get("/knowledge", limit=3).json()
    second = editor.get("/knowledge", limit=3, cursor=first["next"]).json()
    ids = [entry["external_id"] for entry in first["items"] + second["items"]]
    assert ids == ["KB-4", "KB-3", "KB-2", "KB-1", "KB-0"]
    assert second["next"] is None
    found = editor.get("/knowledge", q="十五度").json()["items"]
    assert len(found) == 5  # in the similar questions
    assert [e["external_id"] for e in editor.get("/knowledge", q="第3个").json()["items"]] == [
        "KB-3"
    ]
    assert found[0]["answer"] == "改成第4版"
