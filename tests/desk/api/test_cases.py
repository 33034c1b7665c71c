from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from desk.cases.models import Case, ContactReveal
from desk.people.models import Department, Hotline, Role, User
from tests.desk.api.conftest import Api

type MakeUser = Callable[..., User]
type AsUser = Callable[[User], Api]

PHONE = "13912345678"


@pytest.fixture
def agent(user: MakeUser, as_user: AsUser, hotline: Hotline) -> Api:
    return as_user(user("agent"))


def a_case(api: Api, **more: Any) -> dict[str, Any]:
    body = {
        "hotline": "12345",
        "content": f"楼道灯不亮，电话{PHONE}",
        "phone": PHONE,
        "name": "王小明",
    }
    response = api.post("/cases", body | more)
    assert response.status_code == 201, response.content
    case: dict[str, Any] = response.json()
    return case


def test_without_a_token_nothing_is_told(nobody: Api) -> None:
    response = nobody.get("/cases")
    assert response.status_code == 401
    assert response.json()["error"]["code"] == "unauthorized"
    assert "message" in response.json()["error"]


def test_a_made_up_token_is_none(db: None) -> None:
    assert Api("wagtail_made_up").get("/cases").status_code == 401


def test_a_user_who_left_is_no_user(user: MakeUser, as_user: AsUser) -> None:
    gone = user("gone")
    api = as_user(gone)
    gone.is_active = False
    gone.save()
    assert api.get("/cases").status_code == 401


def test_an_editor_has_no_cases(user: MakeUser, as_user: AsUser, hotline: Hotline) -> None:
    api = as_user(user("editor", Role.EDITOR))
    assert api.get("/cases").status_code == 403
    refused = api.post("/cases", {"hotline": "12345", "content": "路灯"})
    assert refused.status_code == 403
    assert refused.json()["error"]["code"] == "forbidden"


def test_a_case_reads_as_the_contract_says(agent: Api, department: Department) -> None:
    number = a_case(agent, department=department.name, place="3号楼", occurred_at="昨晚")["number"]
    case = agent.get(f"/cases/{number}").json()
    assert set(case) == {
        "number", "hotline", "channel", "kind", "category", "department", "co_departments",
        "state", "urgency", "confidential", "content", "place", "occurred_at", "citizen",
        "due_at", "overdue", "fields", "events",
    }  # fmt: skip
    assert len(case["number"]) == 12
    assert (case["kind"], case["state"], case["urgency"]) == ("complaint", "accepted", "ordinary")
    assert case["events"] == []  # that it was accepted, the case itself says
    for field in case["fields"].values():
        assert set(field) == {"value", "confidence", "evidence"}


def test_contacts_are_masked_until_somebody_reveals_them_and_that_is_noted(agent: Api) -> None:
    number = a_case(agent)["number"]
    masked = agent.get(f"/cases/{number}")
    assert PHONE not in masked.content.decode()
    assert masked.json()["citizen"]["name"] == "王**"
    assert ContactReveal.objects.count() == 0
    revealed = agent.get(f"/cases/{number}", reveal="true").json()
    assert revealed["citizen"] == {"name": "王小明", "phone": PHONE}
    assert ContactReveal.objects.filter(case__number=number).count() == 1


def test_a_handler_sees_their_departments_cases_only_and_no_phone(
    agent: Api, user: MakeUser, as_user: AsUser, department: Department
) -> None:
    mine = a_case(agent)["number"]
    other = a_case(agent)["number"]
    agent.post(f"/cases/{mine}/dispatch", {"department": department.name})
    api = as_user(user("handler", Role.HANDLER, department=department))
    assert [case["number"] for case in api.get("/cases").json()["items"]] == [mine]
    assert api.get(f"/cases/{other}").status_code == 404
    assert api.get(f"/cases/{mine}", reveal="true").status_code == 403


def test_a_case_that_is_not_there_is_not_found(agent: Api) -> None:
    response = agent.get("/cases/209901010001")
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "not_found"
    assert agent.post("/cases/209901010001/note", {"note": "看过"}).status_code == 404


def test_another_hotlines_case_is_not_found(agent: Api, user: MakeUser, as_user: AsUser) -> None:
    number = a_case(agent)["number"]
    elsewhere = user("agent-b")
    elsewhere.hotlines.add(Hotline.objects.create(code="12341", name="西城热线"))
    api = as_user(elsewhere)
    assert api.get(f"/cases/{number}").status_code == 404
    assert api.get("/cases").json()["items"] == []
    assert api.post("/cases", {"hotline": "12345", "content": "路灯"}).status_code == 403


def test_who_sends_a_case_to_another_line_is_told_and_only_reads_it(
    user: MakeUser, as_user: AsUser, hotline: Hotline
) -> None:
    of_the_line = user("of-the-line")
    of_the_line.hotlines.add(hotline)
    Hotline.objects.create(code="12341", name="西城热线")
    api = as_user(of_the_line)
    number = a_case(api)["number"]
    moved = api.post(f"/cases/{number}/transfer", {"hotline": "12341", "reason": "属地是西城"})
    assert (moved.status_code, moved.json()["hotline"]) == (200, "12341")
    assert api.get(f"/cases/{number}").status_code == 200
    assert api.post(f"/cases/{number}/note", {"note": "x"}).status_code in {403, 404, 409}


def test_an_illegal_step_names_the_legal_ones(agent: Api) -> None:
    number = a_case(agent)["number"]
    response = agent.post(f"/cases/{number}/resume", {})
    assert response.status_code == 409
    assert response.json()["error"]["code"] == "illegal_step"
    assert "dispatch" in response.json()["legal"]
    assert "resume" not in response.json()["legal"]
    assert agent.post(f"/cases/{number}/no_such_step", {}).status_code == 409


def test_a_step_moves_the_case_and_stands_in_its_history(
    agent: Api, department: Department
) -> None:
    number = a_case(agent)["number"]
    case = agent.post(
        f"/cases/{number}/dispatch", {"department": department.name, "note": "请尽快"}
    ).json()
    assert case.get("state") == "dispatched", case
    assert case["department"] == department.name
    assert case["due_at"] is not None
    assert (case["events"][-1]["kind"], case["events"][-1]["by"]) == ("dispatch", "agent")
    assert agent.post(f"/cases/{number}/dispatch", {}).status_code == 409


@pytest.mark.parametrize(
    "body",
    [
        {"hotline": "12345", "content": "  "},
        {"hotline": "nowhere", "content": "路灯"},
        {"content": "路灯"},
        {"hotline": "12345", "content": "路灯", "kind": "gossip"},
        {"hotline": "12345", "content": "路灯", "department": "不存在的单位"},
    ],
)
def test_a_body_that_does_not_fit_opens_nothing(agent: Api, body: dict[str, Any]) -> None:
    response = agent.post("/cases", body)
    assert response.status_code == 422
    assert response.json()["error"]["code"] == "invalid"
    assert Case.objects.count() == 0


def test_a_step_without_what_it_needs_changes_nothing(agent: Api) -> None:
    number = a_case(agent)["number"]
    response = agent.post(f"/cases/{number}/dispatch", {"department": "不存在的单位"})
    assert response.status_code == 422
    assert Case.objects.get(number=number).state == "accepted"


def test_a_step_that_needs_nothing_may_come_without_a_body(agent: Api) -> None:
    number = a_case(agent)["number"]
    headers = {"Authorization": f"Bearer {agent.token}"}
    empty = Client().post(
        f"/api/v1/cases/{number}/note", "", content_type="application/json", headers=headers
    )
    assert empty.status_code == 422
    assert "note" in empty.json()["error"]["message"]
    broken = Client().post(
        f"/api/v1/cases/{number}/note",
        "{",
        content_type="application/json",
        headers=headers,
    )
    assert (broken.status_code, broken.json()["error"]["code"]) == (422, "invalid")
    no_object = agent.post(f"/cases/{number}/note", ["看过"])
    assert (no_object.status_code, no_object.json()["error"]["code"]) == (422, "invalid")


def test_pages_follow_each_other_without_gap_or_repetition(agent: Api) -> None:
    numbers = {a_case(agent)["number"] for _ in range(5)}
    seen: list[str] = []
    cursor: str | None = None
    for _page in range(3):
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        answer = agent.get("/cases", **query).json()
        seen += [case["number"] for case in answer["items"]]
        cursor = answer["next"]
        if len(seen) == 2:
            a_case(agent)  # what comes meanwhile moves no page
    assert cursor is None
    assert (set(seen), len(seen)) == (numbers, 5)


def test_a_made_up_cursor_is_refused(agent: Api) -> None:
    assert agent.get("/cases", cursor="made-up").status_code == 422


def test_filters_narrow_the_list(agent: Api, department: Department) -> None:
    dark = a_case(agent, content="西门路灯不亮")["number"]
    loud = a_case(agent, content="夜间施工很吵")["number"]
    agent.post(f"/cases/{loud}/dispatch", {"department": department.name})

    def found(**query: Any) -> list[str]:
        return [case["number"] for case in agent.get("/cases", **query).json()["items"]]

    assert found(q="路灯") == [dark]
    assert found(state="dispatched") == [loud]
    assert found(department=department.name) == [loud]
    assert found(hotline="12345") == [loud, dark]
    assert found(overdue="true") == []
    assert agent.get("/cases", state="lost").status_code == 422
