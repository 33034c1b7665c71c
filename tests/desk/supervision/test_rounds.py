"""Reminder, two chases, the supervision list and the calls back: on the right day, each once."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from desk.cases.deadlines import at_hour
from desk.cases.models import Case, CaseEvent, State
from desk.cases.moments import SHANGHAI
from desk.cases.opening import Known, open_by_hand
from desk.cases.steps import take
from desk.people.models import Department, Hotline, User
from desk.supervision.models import Letter
from desk.supervision.rounds import supervise

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def moment(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=SHANGHAI)


@pytest.fixture
def people(department: Department) -> dict[str, User]:
    return {
        role: User.objects.create(
            username=role, role=role, department=department if role == "handler" else None
        )
        for role in ("agent", "handler", "supervisor")
    }


class Line:
    def __init__(self, hotline: Hotline, people: dict[str, User], department: Department) -> None:
        self.hotline, self.people, self.department = hotline, people, department

    def case(self, at: datetime, urgency: str = "ordinary") -> Case:
        case = open_by_hand(self.people["agent"], self.hotline.code, "路灯不亮", Known())
        Case.objects.filter(pk=case.pk).update(accepted_at=at, act_at=at)
        self.do(case, "dispatch", at, department=self.department.name, urgency=urgency)
        return case

    def do(self, case: Case, step: str, at: datetime, **body: Any) -> Case:
        who = {"dispatch": "agent", "review": "agent", "callback": "agent", "redo": "agent"}
        role = who.get(step, "handler")
        if step in {"rule_extension", "suspend", "resume", "rule_return"}:
            role = "supervisor"
        return take(case.number, step, self.people[role], body, at=at)


@pytest.fixture
def line(hotline: Hotline, people: dict[str, User], department: Department) -> Line:
    return Line(hotline, people, department)


def each_morning(first: str, last: str) -> None:
    day, end = date.fromisoformat(first), date.fromisoformat(last)
    while day <= end:
        supervise(at_hour(day, 9))
        day += DAY


def happened(case: Case) -> list[tuple[str, str]]:
    rows = CaseEvent.objects.filter(case=case, by="system").order_by("at", "id")
    return [(row.kind, f"{row.at.astimezone(SHANGHAI):%m-%d %H:%M}") for row in rows]


def test_the_ladder_across_spring_festival(line: Line) -> None:
    case = line.case(moment("2026-02-03T10:00"))  # due on Tuesday 10 February
    each_morning("2026-02-03", "2026-03-10")
    assert happened(case) == [
        ("reminder", "02-09 09:00"),
        ("callback_due", "02-10 00:00"),
        ("first_chase", "02-11 09:00"),
        ("second_chase", "02-13 09:00"),
        ("supervision", "02-24 09:00"),  # the 14th is worked, the holiday ends on the 23rd
    ]


def test_the_ladder_across_october(line: Line) -> None:
    case = line.case(moment("2026-09-23T10:00"))  # day 7 is the 30th
    each_morning("2026-09-23", "2026-10-20")
    assert [row for row in happened(case) if row[0] != "callback_due"] == [
        ("reminder", "09-29 09:00"),
        ("first_chase", "10-08 09:00"),
        ("second_chase", "10-10 09:00"),
        ("supervision", "10-13 09:00"),
    ]


@pytest.mark.parametrize(
    ("urgency", "expected"),
    [
        (
            "urgent",
            [
                ("reminder", "03-02 10:30"),
                ("first_chase", "03-02 11:00"),
                ("second_chase", "03-02 13:00"),
                ("supervision", "03-03 09:00"),
            ],
        ),
        (
            "priority",
            [
                ("reminder", "03-03 03:00"),
                ("first_chase", "03-03 09:00"),
                ("second_chase", "03-04 09:00"),
                ("supervision", "03-04 09:00"),
            ],
        ),
    ],
)
def test_hours_have_a_quicker_ladder(
    line: Line, urgency: str, expected: list[tuple[str, str]]
) -> None:
    case = line.case(moment("2026-03-02T09:00"), urgency)
    for hours in range(72):
        supervise(moment("2026-03-02T09:00") + timedelta(hours=hours))
    assert happened(case) == expected


def test_a_round_may_be_repeated_and_may_come_late(line: Line) -> None:
    case = line.case(moment("2026-02-03T10:00"))
    for _time in range(3):
        supervise(moment("2026-03-10T12:00"))
    once = happened(case)
    assert [kind for kind, _at in once] == [
        "reminder",
        "callback_due",
        "first_chase",
        "second_chase",
        "supervision",
    ]
    supervise(moment("2026-02-11T09:00"))  # as of an earlier moment
    assert happened(case) == once
    late = CaseEvent.objects.get(case=case, kind="first_chase")
    assert late.data["noticed_at"].startswith("2026-03-10T12:00")


def test_who_answers_in_time_is_not_chased(line: Line) -> None:
    case = line.case(moment("2026-02-03T10:00"))
    line.do(case, "sign", moment("2026-02-03T11:00"))
    line.do(case, "answer", moment("2026-02-05T11:00"), text="已修好")
    line.do(case, "review", moment("2026-02-05T15:00"), approve=True)
    each_morning("2026-02-03", "2026-03-10")
    assert happened(case) == [("callback_due", "02-06 00:00")]
    assert Case.objects.get(pk=case.pk).callback_due_at == moment("2026-02-06T00:00")


def test_day_seven_comes_whatever_has_happened(line: Line) -> None:
    case = line.case(moment("2026-03-02T10:00"), "hard")
    each_morning("2026-03-02", "2026-03-16")
    assert happened(case) == [("callback_due", "03-09 00:00")]
    line.do(case, "callback", moment("2026-03-09T10:00"), reached=True, solved=False)
    assert Case.objects.get(pk=case.pk).callback_due_at is None


def test_a_new_deadline_has_a_ladder_of_its_own(line: Line) -> None:
    case = line.case(moment("2026-03-02T10:00"))
    line.do(case, "sign", moment("2026-03-02T11:00"))
    each_morning("2026-03-02", "2026-03-09")
    line.do(case, "extend", moment("2026-03-09T10:00"), working_days=3, reason="等配件")
    line.do(case, "rule_extension", moment("2026-03-09T11:00"), approve=True)
    each_morning("2026-03-10", "2026-03-13")
    assert [row for row in happened(case) if row[0] != "callback_due"] == [
        ("reminder", "03-06 09:00"),
        ("reminder", "03-11 09:00"),
        ("first_chase", "03-13 09:00"),
    ]


def test_a_suspended_case_is_left_alone_and_goes_on_by_itself(line: Line) -> None:
    case = line.case(moment("2026-03-02T10:00"))
    line.do(case, "sign", moment("2026-03-02T11:00"))
    line.do(case, "handle", moment("2026-03-02T12:00"))
    line.do(case, "suspend", moment("2026-03-04T12:00"), reason="等判决", until="2026-03-31")
    each_morning("2026-03-02", "2026-04-20")
    assert [row for row in happened(case) if row[0] != "callback_due"] == [
        ("resume", "04-01 00:00"),
        ("reminder", "04-03 09:00"),
        ("first_chase", "04-08 09:00"),
        ("second_chase", "04-10 09:00"),
        ("supervision", "04-14 09:00"),
    ]


def test_who_is_suspended_when_late_and_comes_back_is_not_chased_twice(line: Line) -> None:
    case = line.case(moment("2026-03-02T10:00"))
    line.do(case, "sign", moment("2026-03-02T11:00"))
    line.do(case, "handle", moment("2026-03-02T12:00"))
    each_morning("2026-03-02", "2026-03-10")
    due = Case.objects.get(pk=case.pk).due_at
    line.do(case, "suspend", moment("2026-03-10T12:00"), reason="等判决", until="2026-03-31")
    case = line.do(case, "resume", moment("2026-03-10T13:00"))
    assert (case.due_at, case.chases) == (due, 1)
    each_morning("2026-03-11", "2026-03-17")
    assert [row for row in happened(case) if row[0] not in {"callback_due", "resume"}] == [
        ("reminder", "03-06 09:00"),
        ("first_chase", "03-10 09:00"),
        ("second_chase", "03-13 09:00"),
        ("supervision", "03-17 09:00"),
    ]


def test_what_passed_while_nothing_was_owed_is_counted_from_then(line: Line) -> None:
    case = line.case(moment("2026-03-02T10:00"))  # due on the 9th
    line.do(case, "sign", moment("2026-03-02T11:00"))
    line.do(case, "answer", moment("2026-03-09T11:00"), text="已修好")
    line.do(case, "review", moment("2026-03-12T15:00"), approve=False, reason="没有修")
    each_morning("2026-03-02", "2026-03-20")
    assert [row for row in happened(case) if row[0] != "callback_due"] == [
        ("first_chase", "03-13 09:00"),
        ("second_chase", "03-17 09:00"),
        ("supervision", "03-19 09:00"),
    ]


def test_one_letter_tells_a_department_of_all_its_cases(line: Line) -> None:
    for hour in ("09", "10", "11"):
        line.case(moment(f"2026-02-03T{hour}:00"))
    each_morning("2026-02-03", "2026-02-11")
    letters = {letter.kind: letter for letter in Letter.objects.all()}
    assert set(letters) == {"reminder", "first_chase"}
    assert letters["first_chase"].cases.count() == 3
    assert letters["first_chase"].to_leader
    assert not letters["reminder"].to_leader


def test_the_history_says_what_state_a_resumed_case_is_in(line: Line) -> None:
    case = line.case(moment("2026-03-02T10:00"))
    line.do(case, "sign", moment("2026-03-02T11:00"))
    line.do(case, "handle", moment("2026-03-02T12:00"))
    line.do(case, "suspend", moment("2026-03-03T12:00"), reason="等判决", until="2026-03-04")
    supervise(moment("2026-03-05T00:00"))
    assert Case.objects.get(pk=case.pk).state == State.HANDLING
    assert CaseEvent.objects.get(case=case, kind="resume").by == "system"


def test_a_case_taken_out_of_a_merge_is_not_chased_for_the_time_in_it(line: Line) -> None:
    other = line.case(moment("2026-03-02T10:00"))
    case = line.case(moment("2026-03-02T10:00"))
    agent = line.people["agent"]
    take(case.number, "merge", agent, {"into": other.number}, at=moment("2026-03-03T10:00"))
    each_morning("2026-03-03", "2026-03-13")
    assert happened(case) == []
    take(case.number, "unmerge", agent, {}, at=moment("2026-03-13T10:00"))
    each_morning("2026-03-14", "2026-03-20")
    assert [row for row in happened(case) if row[0] != "callback_due"] == [
        ("first_chase", "03-16 09:00"),
        ("second_chase", "03-18 09:00"),
        ("supervision", "03-20 09:00"),
    ]
