"""The big table, letters for what is picked, the export and the calls back."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from desk.cases.models import Case, CaseEvent
from desk.cases.opening import Known, open_by_hand
from desk.cases.steps import take
from desk.people.models import Department, Hotline, Role, User
from desk.supervision.models import Letter

pytestmark = pytest.mark.django_db
Cases = Callable[..., Case]


@pytest.fixture
def supervisor(client: Client) -> User:
    user = User.objects.create(username="supervisor", role=Role.SUPERVISOR)
    client.force_login(user)
    return user


@pytest.fixture
def sent(hotline: Hotline, department: Department, supervisor: User) -> Cases:
    def make(content: str = "路灯不亮", days_ago: int = 30, to: Department | None = None) -> Case:
        case = open_by_hand(supervisor, hotline.code, content, Known(place="德外大街"))
        at = timezone.now() - timedelta(days=days_ago)
        body = {"department": (to or department).name}
        return take(case.number, "dispatch", supervisor, body, at=at)

    return make


def test_what_is_not_answered_stands_under_its_department(client: Client, sent: Cases) -> None:
    late, fresh = sent("路灯不亮"), sent("井盖松了", days_ago=0)
    page = client.get("/chase/").content.decode()
    assert late.number in page
    assert fresh.number in page
    assert "区城市管理委员会" in page


def test_a_fact_narrows_the_table(client: Client, sent: Cases) -> None:
    late, fresh = sent(), sent(days_ago=0)
    page = client.get("/chase/?which=late&sort=due").content.decode()
    assert late.number in page
    assert fresh.number not in page


@pytest.mark.parametrize("sort", ["department", "due", "pushes", "place", "nonsense"])
def test_every_order_shows_the_cases(client: Client, sent: Cases, sort: str) -> None:
    assert sent().number in client.get(f"/chase/?sort={sort}").content.decode()


def test_each_department_gets_one_letter(client: Client, sent: Cases) -> None:
    other = Department.objects.create(name="区水务局")
    numbers = [sent().number, sent().number, sent(to=other).number]
    preview = client.post("/chase/letters", {"number": numbers, "text": "今天务必联系市民"})
    assert preview.content.decode().count('class="letter"') == 2

    client.post("/chase/send", {"number": numbers, "text": "今天务必联系市民", "to_leader": "yes"})

    letters = Letter.objects.all()
    assert sorted(letter.cases.count() for letter in letters) == [1, 2]
    assert all(letter.to_leader and letter.text == "今天务必联系市民" for letter in letters)
    assert CaseEvent.objects.filter(kind="chase", by="supervisor").count() == 3


def test_when_one_of_them_has_been_answered_nothing_goes_out(client: Client, sent: Cases) -> None:
    case, closed = sent(), sent()
    Case.objects.filter(pk=closed.pk).update(state="closed")
    client.post("/chase/send", {"number": [case.number, closed.number], "text": "x"})
    assert not Letter.objects.exists()
    assert not CaseEvent.objects.filter(kind="chase").exists()


def test_the_export_is_what_the_table_shows(client: Client, sent: Cases) -> None:
    sent("=1+1 路灯不亮，电话 13800138000")
    response = client.get("/chase/export.xlsx?which=late")
    sheet = load_workbook(BytesIO(response.content)).active
    assert sheet is not None
    row = [cell.value for cell in sheet[2]]
    assert row[0] == "区城市管理委员会"
    assert str(row[2]).startswith("'=1+1")
    assert "13800138000" not in str(row[2])


def test_calls_that_are_due_are_listed(client: Client, sent: Cases) -> None:
    case = sent()
    Case.objects.filter(pk=case.pk).update(callback_due_at=timezone.now())
    assert case.number in client.get("/chase/callbacks/").content.decode()


def test_agents_call_back_but_do_not_chase(client: Client, sent: Cases) -> None:
    client.force_login(User.objects.create(username="agent", role=Role.AGENT))
    assert client.get("/chase/callbacks/").status_code == 200
    assert client.get("/chase/").status_code == 403


def test_a_page_of_many_cases_asks_no_query_a_row(
    client: Client, sent: Cases, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    for _number in range(12):
        sent()
    with django_assert_max_num_queries(24):  # type: ignore[attr-defined]
        client.get("/chase/")
