"""All steps of the contract through the API, each by a token of a role that may take it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from desk.cases.models import Case
from desk.cases.steps import STEPS
from desk.people.models import Department, Hotline, Role, User
from tests.desk.api.conftest import Api

type MakeUser = Callable[..., User]
type AsUser = Callable[[User], Api]

ROADS, PARKS, LATE = "区城市管理委员会", "区园林绿化局", "2099-01-01"
EVENT_KINDS = {
    *STEPS,
    "reminder", "first_chase", "second_chase", "supervision", "callback_due", "told_citizen",
}  # fmt: skip
YES: dict[str, Any] = {"approve": True}
NO: dict[str, Any] = {"approve": False, "reason": "请再核实"}

# Step, role, body, and the state afterwards. `roads` and `parks` handle for their departments.
LIFE: list[tuple[str, str, dict[str, Any], str]] = [
    ("chase", "agent", {"note": "市民又来电"}, "accepted"),
    ("supervise", "supervisor", {"note": "领导批示"}, "accepted"),
    ("note", "agent", {"note": "在三号楼"}, "accepted"),
    ("transfer", "agent", {"hotline": "12341", "reason": "属地"}, "accepted"),
    ("merge", "agent", {"into": "OTHER"}, "merged"),
    ("unmerge", "supervisor", {}, "accepted"),
    (
        "dispatch",
        "agent",
        {"department": PARKS, "co_departments": [], "urgency": "ordinary", "note": "请办"},
        "dispatched",
    ),
    ("return", "parks", {"reason": "不属本单位"}, "return_asked"),
    ("rule_return", "supervisor", NO, "dispatched"),
    ("return", "parks", {"reason": "确不属本单位"}, "return_asked"),
    ("rule_return", "supervisor", YES, "accepted"),
    ("dispatch", "supervisor", {"department": PARKS}, "dispatched"),
    ("reassign", "supervisor", {"department": ROADS, "reason": "路面"}, "dispatched"),
    ("sign", "roads", {}, "signed"),
    ("co_handle", "supervisor", {"departments": [PARKS]}, "signed"),
    ("extend", "roads", {"working_days": 3, "reason": "要备料"}, "signed"),
    ("rule_extension", "supervisor", NO, "signed"),
    ("handle", "roads", {"note": "已派人"}, "handling"),
    ("extend", "roads", {"working_days": 10, "reason": "要备料"}, "handling"),
    ("rule_extension", "supervisor", YES, "handling"),
    ("suspend", "supervisor", {"reason": "等冻土化开", "until": LATE}, "suspended"),
    ("resume", "supervisor", {"note": "开工"}, "handling"),
    ("answer", "roads", {"text": "修好了"}, "answered"),
    ("review", "agent", NO, "handling"),
    ("answer", "roads", {"text": "这回修好了"}, "answered"),
    ("review", "supervisor", YES, "reviewed"),
    ("callback", "agent", {"reached": True, "solved": True, "satisfied": 5}, "called_back"),
    ("redo", "agent", {"reason": "又坏了"}, "dispatched"),
    ("sign", "roads", {}, "signed"),
    ("answer", "roads", {"text": "换了新的"}, "answered"),
    ("review", "agent", YES, "reviewed"),
    ("callback", "agent", {"reached": False, "note": "无人接听"}, "called_back"),
    ("close", "agent", {"note": "已办结"}, "closed"),
]


class Staff:
    def __init__(self, user: MakeUser, as_user: AsUser) -> None:
        roads = Department.objects.create(name=ROADS)
        parks = Department.objects.create(name=PARKS)
        self.api = {
            "agent": as_user(user("agent")),
            "supervisor": as_user(user("supervisor", Role.SUPERVISOR)),
            "roads": as_user(user("roads", Role.HANDLER, department=roads)),
            "parks": as_user(user("parks", Role.HANDLER, department=parks)),
            "admin": as_user(user("admin", Role.ADMIN, is_superuser=True)),
        }

    def a_case(self, hotline: str = "12345", **more: Any) -> str:
        body = {"hotline": hotline, "content": "路面塌陷"} | more
        return str(self.api["agent"].post("/cases", body).json()["number"])

    def take(self, who: str, number: str, step: str, body: dict[str, Any]) -> Any:
        return self.api[who].post(f"/cases/{number}/{step}", body)

    def case_in(self, state: str) -> str:
        """A case of line 12345 on its shortest way to a state."""
        number = self.a_case()
        for step, who, body in _WAYS[state]:
            told = self.take(who, number, step, body)
            assert told.status_code == 200, told.json()
        return number


_DISPATCHED = [("dispatch", "agent", {"department": ROADS})]
_SIGNED = [*_DISPATCHED, ("sign", "roads", {})]
_HANDLING = [*_SIGNED, ("handle", "roads", {})]
_ANSWERED = [*_SIGNED, ("answer", "roads", {"text": "好了"})]
_WAYS: dict[str, list[tuple[str, str, dict[str, Any]]]] = {
    "accepted": [],
    "dispatched": _DISPATCHED,
    "return_asked": [*_DISPATCHED, ("return", "roads", {"reason": "不是我们"})],
    "signed": _SIGNED,
    "extension_asked": [*_SIGNED, ("extend", "roads", {"working_days": 2, "reason": "备料"})],
    "handling": _HANDLING,
    "answered": _ANSWERED,
    "reviewed": [*_ANSWERED, ("review", "agent", YES)],
    "closed": [("close", "agent", {"note": "当场答复"})],
}


@pytest.fixture
def staff(user: MakeUser, as_user: AsUser, hotline: Hotline) -> Staff:
    Hotline.objects.create(code="12341", name="西城热线")
    return Staff(user, as_user)


def test_one_case_goes_through_every_step(staff: Staff) -> None:
    number, other = staff.a_case(), staff.a_case("12341")
    for step, who, body, state in LIFE:
        sent = {name: other if value == "OTHER" else value for name, value in body.items()}
        told = staff.take(who, number, step, sent)
        assert told.status_code == 200, (step, told.json())
        assert told.json()["state"] == state, step
        last = told.json()["events"][-1]
        assert (last["kind"], last["by"]) == (step, who)
    assert {step for step, _who, _body, _state in LIFE} == set(STEPS)
    case = staff.api["admin"].get(f"/cases/{number}").json()
    assert (case["hotline"], case["department"]) == ("12341", ROADS)
    assert {event["kind"] for event in case["events"]} <= EVENT_KINDS
    assert [set(event) for event in case["events"]] == [{"at", "kind", "by", "note"}] * len(LIFE)


def test_an_administrator_takes_every_step_and_stands_in_the_history(staff: Staff) -> None:
    number, other = staff.a_case(), staff.a_case("12341")
    for step, _who, body, state in LIFE:
        sent = {name: other if value == "OTHER" else value for name, value in body.items()}
        told = staff.take("admin", number, step, sent)
        assert (told.status_code, told.json().get("state")) == (200, state), (step, told.json())
    events = staff.api["admin"].get(f"/cases/{number}").json()["events"]
    assert {event["by"] for event in events} == {"admin"}


# From where, by whom, with what, and which field is named.
FAULTS: list[tuple[str, str, str, dict[str, Any], str]] = [
    ("accepted", "agent", "dispatch", {}, "department"),
    ("accepted", "agent", "dispatch", {"department": "没有的局"}, "department"),
    ("accepted", "agent", "dispatch", {"department": ROADS, "urgency": "soon"}, "urgency"),
    (
        "accepted",
        "agent",
        "dispatch",
        {"department": ROADS, "co_departments": ["没有的局"]},
        "co_departments",
    ),
    (
        "accepted",
        "agent",
        "dispatch",
        {"department": ROADS, "co_departments": PARKS},
        "co_departments",
    ),
    ("accepted", "agent", "dispatch", {"department": ROADS, "note": "长" * 4001}, "note"),
    ("dispatched", "roads", "return", {"reason": " "}, "reason"),
    ("return_asked", "supervisor", "rule_return", {}, "approve"),
    ("return_asked", "supervisor", "rule_return", {"approve": False}, "reason"),
    ("dispatched", "supervisor", "reassign", {"department": PARKS}, "reason"),
    ("dispatched", "supervisor", "reassign", {"department": ROADS, "reason": "x"}, "department"),
    ("signed", "supervisor", "co_handle", {"departments": []}, "departments"),
    ("signed", "supervisor", "co_handle", {"departments": ["没有的局"]}, "departments"),
    ("signed", "roads", "extend", {"working_days": 11, "reason": "x"}, "working_days"),
    ("signed", "roads", "extend", {"working_days": 0, "reason": "x"}, "working_days"),
    ("extension_asked", "supervisor", "rule_extension", {"approve": "maybe"}, "approve"),
    ("handling", "supervisor", "suspend", {"reason": "等", "until": "2001-01-01"}, "until"),
    ("handling", "supervisor", "suspend", {"reason": "等", "until": "明年"}, "until"),
    ("signed", "roads", "answer", {}, "text"),
    ("answered", "agent", "review", {"approve": False}, "reason"),
    ("reviewed", "agent", "callback", {"reached": True, "satisfied": 6}, "satisfied"),
    ("reviewed", "agent", "callback", {}, "reached"),
    ("accepted", "agent", "close", {}, "note"),
    ("closed", "agent", "redo", {}, "reason"),
    ("accepted", "agent", "merge", {"into": "209901010001"}, "into"),
    ("accepted", "agent", "transfer", {"hotline": "nowhere", "reason": "x"}, "hotline"),
    ("accepted", "agent", "transfer", {"hotline": "12345", "reason": "x"}, "hotline"),
    ("accepted", "agent", "note", {"note": ["看过"]}, "note"),
]


@pytest.mark.parametrize(("state", "who", "step", "body", "field"), FAULTS)
def test_a_body_that_does_not_fit_is_told_by_field_and_changes_nothing(
    staff: Staff, state: str, who: str, step: str, body: dict[str, Any], field: str
) -> None:
    number = staff.case_in(state)
    before = staff.api["admin"].get(f"/cases/{number}").json()
    told = staff.take(who, number, step, body)
    assert told.status_code == 422, told.json()
    error = told.json()["error"]
    assert error["code"] == "invalid"
    assert [fault["field"] for fault in error["fields"]] == [field]
    assert error["message"]
    assert staff.api["admin"].get(f"/cases/{number}").json() == before


@pytest.mark.parametrize(
    ("state", "who", "step", "legal"),
    [
        ("accepted", "agent", "answer", {"dispatch", "close", "chase", "supervise", "note"}),
        ("dispatched", "roads", "answer", {"sign", "return"}),
        ("signed", "roads", "dispatch", {"return", "handle", "extend", "answer"}),
        ("answered", "roads", "review", set()),
        ("closed", "agent", "close", {"redo"}),
        ("closed", "supervisor", "handle", {"redo"}),
    ],
)
def test_an_illegal_step_answers_409_with_those_that_are(
    staff: Staff, state: str, who: str, step: str, legal: set[str]
) -> None:
    told = staff.take(who, staff.case_in(state), step, {"note": "x"})
    assert told.status_code == 409
    assert told.json()["error"]["code"] == "illegal_step"
    assert legal <= set(told.json()["legal"])
    assert step not in told.json()["legal"]


def test_who_hands_a_case_on_is_told_of_it_and_reads_it_still(
    staff: Staff, user: MakeUser, as_user: AsUser
) -> None:
    own = user("of-12345")
    own.hotlines.add(Hotline.objects.get(code="12345"))
    api, number = as_user(own), staff.a_case()
    told = api.post(f"/cases/{number}/transfer", {"hotline": "12341", "reason": "属地"})
    assert (told.status_code, told.json()["hotline"]) == (200, "12341")
    assert api.get(f"/cases/{number}").status_code == 200


def test_a_helping_department_reads_and_takes_no_step(staff: Staff) -> None:
    number = staff.case_in("signed")
    assert staff.take("parks", number, "answer", {"text": "x"}).status_code == 404
    staff.take("supervisor", number, "co_handle", {"departments": [PARKS]})
    assert staff.api["parks"].get(f"/cases/{number}").json()["co_departments"] == [PARKS]
    refused = staff.take("parks", number, "answer", {"text": "x"})
    assert (refused.status_code, refused.json()["legal"]) == (409, [])


def test_what_is_late_is_found_and_said(staff: Staff) -> None:
    late, done, early = (staff.case_in(state) for state in ("signed", "answered", "dispatched"))
    yesterday = timezone.now() - timedelta(days=1)
    Case.objects.filter(number__in=[late, done]).update(due_at=yesterday)

    def found(**query: Any) -> set[str]:
        items = staff.api["supervisor"].get("/cases", **query).json()["items"]
        assert all(item["overdue"] == (item["number"] == late) for item in items)
        return {item["number"] for item in items}

    assert found(overdue="true") == {late}
    assert found(overdue="false") == {done, early}
    assert found(overdue="true", department=ROADS, hotline="12345", state="signed") == {late}
    assert found(overdue="true", department=PARKS) == set()
    assert found(hotline="12341") == set()
    assert found(q=late) == {late}
    assert found(q="塌陷") == {late, done, early}


def test_a_confidential_report_names_nobody_to_a_handler(staff: Staff) -> None:
    phone, name = "13912345678", "王小明"
    number = staff.a_case(kind="report", name=name, phone=phone)
    staff.take("agent", number, "dispatch", {"department": ROADS})
    handled = staff.api["roads"].get(f"/cases/{number}").json()
    assert handled["confidential"] is True
    assert handled["citizen"] == {"name": "", "phone": ""}
    assert {"name", "phone"}.isdisjoint(handled["fields"])
    seen = staff.api["agent"].get(f"/cases/{number}").json()
    assert seen["citizen"] == {"name": "王**", "phone": "139****5678"}
    assert staff.api["roads"].get(f"/cases/{number}", reveal="true").status_code == 403
    assert staff.api["parks"].get(f"/cases/{number}").status_code == 404
    revealed = staff.api["agent"].get(f"/cases/{number}", reveal="true").json()
    assert revealed["citizen"] == {"name": name, "phone": phone}


def test_a_changed_name_stands_masked_in_the_history(staff: Staff) -> None:
    from desk.cases.confirming import change

    number = staff.a_case(name="王小明")
    change(number, "name", "李大明", User.objects.get(username="agent"))
    told = staff.api["agent"].get(f"/cases/{number}")
    assert "小明" not in told.content.decode()
    assert "大明" not in told.content.decode()
    assert {event["kind"] for event in told.json()["events"]} <= EVENT_KINDS
