"""A supervisor enters a year; limits that were not firm are counted anew, and say so."""

from datetime import datetime

import pytest
from django.test import Client

from desk.cases.models import Case, CaseEvent
from desk.cases.moments import SHANGHAI
from desk.cases.opening import Known, open_by_hand
from desk.cases.steps import take
from desk.people.models import Department, Hotline, Role, User
from desk.workdays.calendar import SHIPPED, current

pytestmark = pytest.mark.django_db
YEAR = SHIPPED.stop


@pytest.fixture
def supervisor(client: Client) -> User:
    user = User.objects.create(username="supervisor", role=Role.SUPERVISOR)
    client.force_login(user)
    return user


@pytest.fixture
def case(hotline: Hotline, department: Department, supervisor: User) -> Case:
    """Hard, dispatched at the end of the last year that is known."""
    opened = open_by_hand(supervisor, hotline.code, "路灯不亮", Known())
    at = datetime(YEAR - 1, 12, 28, 10, tzinfo=SHANGHAI)
    body = {"department": department.name, "urgency": "hard"}
    return take(opened.number, "dispatch", supervisor, body, at=at)


def enter(client: Client, **more: str) -> int:
    body = {"year": str(YEAR), "notice": "国办发明电〔2026〕7号", "off": f"{YEAR}-01-01 元旦"}
    return client.post("/workdays/enter", body | more).status_code


def test_a_limit_in_a_year_that_is_not_published_says_so(client: Client, case: Case) -> None:
    assert not case.due_is_firm
    page = client.get(f"/workdays/?year={YEAR}").content.decode()
    assert "还没有公布" in page
    assert "期限未定" in page


def test_entering_the_year_counts_its_limits_anew(client: Client, case: Case) -> None:
    before = case.due_at
    assert enter(client, off=f"{YEAR}-01-01 至 {YEAR}-01-03 元旦\n{YEAR}-01-11 雪") == 302
    case.refresh_from_db()
    assert case.due_is_firm
    assert before is not None
    assert case.due_at is not None
    assert case.due_at > before
    moved = CaseEvent.objects.get(case=case, kind="note")
    assert datetime.fromisoformat(moved.data["before"]) == before
    assert moved.by == "supervisor"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("notice", " ", "文号"),
        ("off", "元旦", "第 1 行"),
        ("off", f"{YEAR}-02-30", "第 1 行"),
        ("off", f"{YEAR + 1}-01-01", "不在这一年"),
        ("working", f"{YEAR}-01-01", "既写了放假又写了上班"),
    ],
)
def test_what_is_no_calendar_is_said_and_stays_in_the_form(
    client: Client, supervisor: User, field: str, value: str, said: str
) -> None:
    body = {"year": str(YEAR), "notice": "〔2026〕7号", "off": f"{YEAR}-01-01", "working": ""}
    response = client.post("/workdays/enter", body | {field: value})
    assert response.status_code == 422
    page = response.content.decode()
    assert said in page
    assert value.strip() in page
    assert not current().is_published(YEAR)


def test_one_day_is_changed_and_changed_back(client: Client, supervisor: User) -> None:
    day = datetime(2026, 3, 4, tzinfo=SHANGHAI).date()
    client.post("/workdays/change", {"day": "2026-03-04", "is_working": "no", "name": "暴雪"})
    assert not current().is_working_day(day)
    client.post("/workdays/change", {"day": "2026-03-04", "forget": "1"})
    assert current().is_working_day(day)


def test_only_supervisors_set_the_calendar(client: Client) -> None:
    client.force_login(User.objects.create(username="agent", role=Role.AGENT))
    assert client.get("/workdays/").status_code == 403
    assert enter(client) == 403
