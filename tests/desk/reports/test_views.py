"""The month on a page, as a spreadsheet, as PDF; every figure opens its cases."""

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from desk.cases.models import Case
from desk.cases.moments import SHANGHAI
from desk.cases.opening import Known, open_by_hand
from desk.cases.steps import take
from desk.people.models import Department, Hotline, User
from desk.reports.figures import EVERYTHING, figures
from desk.reports.months import Month
from desk.reports.trends import keep, rises, trend

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
MARCH = Month(2026, 3)


class Line:
    def __init__(self, hotline: Hotline, department: Department) -> None:
        self.hotline, self.department = hotline, department
        self.people = {
            role: User.objects.create(
                username=role, role=role, department=department if role == "handler" else None
            )
            for role in ("agent", "handler", "supervisor")
        }

    def case(self, **known: Any) -> Case:
        case = open_by_hand(
            self.people["agent"],
            self.hotline.code,
            "路灯不亮",
            Known(category="市政/路灯", **known),
        )
        Case.objects.filter(pk=case.pk).update(accepted_at=MONDAY)
        self.do(case, "dispatch", MONDAY, department=self.department.name)
        return case

    def do(self, case: Case, step: str, at: datetime, role: str = "", **body: Any) -> Case:
        role = role or ("handler" if step in {"sign", "answer", "handle"} else "agent")
        return take(case.number, step, self.people[role], body, at=at)

    def answered(self, after: timedelta = timedelta(days=2)) -> Case:
        case = self.case()
        self.do(case, "sign", MONDAY + timedelta(hours=2))
        self.do(case, "answer", MONDAY + after, text="已修好")
        self.do(case, "review", MONDAY + after + timedelta(hours=1), approve=True)
        return case


@pytest.fixture
def line(client: Client, hotline: Hotline, department: Department) -> Line:
    made = Line(hotline, department)
    client.force_login(made.people["supervisor"])
    return made


def test_the_month_tells_what_is_above_and_below_each_line(client: Client, line: Line) -> None:
    done = line.answered()
    line.do(done, "callback", MONDAY + timedelta(days=4), reached=True, solved=True, satisfied=3)
    line.case()
    page = client.get("/reports/?month=2026-03").content.decode()
    assert "到期应办结 2 件，已办结 1 件" in page
    assert "50.0%" in page


def test_a_limit_that_moves_into_a_month_that_is_over_counts_as_it_stood_then(line: Line) -> None:
    def on(day: str) -> datetime:
        return datetime.fromisoformat(f"{day}T10:00").replace(tzinfo=SHANGHAI)

    case = line.case()
    Case.objects.filter(pk=case.pk).update(due_at=on("2026-03-27"), due_basis=[])
    line.do(case, "sign", on("2026-03-26"))
    line.do(case, "answer", on("2026-04-01"), text="已修好")
    line.do(case, "review", on("2026-04-02"), approve=True)  # late for March
    line.do(case, "callback", on("2026-04-03"), reached=False)
    line.do(case, "redo", on("2026-05-06"), reason="又坏了")
    line.do(case, "sign", on("2026-05-06"))
    line.do(case, "extend", on("2026-05-07"), working_days=5, reason="等配件", role="handler")
    line.do(case, "rule_extension", on("2026-05-08"), approve=True, role="supervisor")
    case.refresh_from_db()
    assert case.due_at is not None
    assert case.due_at.astimezone(SHANGHAI).month == 4
    (row,) = figures(Month(2026, 4), "department")
    assert (row["closure"].n, row["closure"].d) == (1, 1)


def test_every_figure_opens_its_cases(client: Client, line: Line) -> None:
    done, open_case = line.answered(), line.case()
    where = f"/reports/cases/?month=2026-03&rate=closure&key={line.department.pk}"
    everything = client.get(where).content.decode()
    above = client.get(f"{where}&above=1").content.decode()
    assert done.number in everything
    assert open_case.number in everything
    assert done.number in above
    assert open_case.number not in above


def test_the_spreadsheet_has_the_same_figures(client: Client, line: Line) -> None:
    line.answered()
    line.case()
    response = client.get("/reports/month.xlsx?month=2026-03")
    sheet = load_workbook(BytesIO(response.content)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]][:4] == ["区城市管理委员会", 0.5, 1, 2]


def test_the_pdf_is_one(client: Client, line: Line) -> None:
    line.answered()
    response = client.get("/reports/month.pdf?month=2026-03")
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")


@pytest.mark.parametrize("by", ["department", "hotline", "category"])
def test_a_month_is_grouped_as_asked(client: Client, line: Line, by: str) -> None:
    line.answered()
    response = client.get(f"/reports/?month=2026-03&by={by}")
    assert response.status_code == 200
    assert "100.0%" in response.content.decode()


def test_a_month_without_anything_says_so(client: Client, line: Line) -> None:
    page = client.get("/reports/?month=2019-01").content.decode()
    assert "没有到期应办结的工单" in page


def test_a_department_reads_its_own_page_and_no_other(client: Client, line: Line) -> None:
    line.answered()
    keep(MARCH, MONDAY)
    other = Department.objects.create(name="区水务局")
    client.force_login(line.people["handler"])
    own = client.get(f"/reports/departments/{line.department.pk}/?month=2026-03")
    assert own.status_code == 200
    assert "100.0%" in own.content.decode()
    assert client.get(f"/reports/departments/{other.pk}/").status_code == 403
    assert client.get("/reports/").status_code == 403
    figure = "/reports/cases/?month=2026-03&rate=closure&key="
    assert client.get(f"{figure}{line.department.pk}").status_code == 200
    assert client.get(f"{figure}{other.pk}").status_code == 403
    assert client.get("/reports/cases/?month=2026-03&rate=closure").status_code == 403


def test_kept_months_are_a_trend(line: Line) -> None:
    line.answered()
    keep(MARCH, MONDAY)
    keep(MARCH, MONDAY)
    months = trend("department", MARCH)[str(line.department.pk)]
    assert [(str(month), shares["closure"].n) for month, shares in months.items()] == [
        ("2026-03", 1)
    ]


def test_what_is_suddenly_reported_more_is_said(line: Line) -> None:
    for _number in range(5):
        line.case()
    found = rises(MONDAY + timedelta(days=1), EVERYTHING)
    assert [(rise.category, rise.count) for rise in found] == [("市政/路灯", 5)]
