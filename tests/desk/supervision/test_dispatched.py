"""A department hears of what it gets: one letter for a minute, each case once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from desk.cases.models import Case
from desk.cases.opening import Known, open_by_hand
from desk.cases.steps import take
from desk.people.models import Department, Hotline, Role, User
from desk.supervision.dispatched import tell_of_dispatches
from desk.supervision.models import Letter, LetterKind

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(second=30, microsecond=0)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def agent(db: None) -> User:
    return User.objects.create(username="agent", role=Role.AGENT)


@pytest.fixture
def supervisor(db: None) -> User:
    return User.objects.create(username="supervisor", role=Role.SUPERVISOR)


def dispatched(agent: User, hotline: Hotline, department: Department) -> Case:
    case = open_by_hand(agent, hotline.code, "路灯不亮", Known())
    body = {"department": department.name, "urgency": "ordinary"}
    return take(case.number, "dispatch", agent, body, at=NOW)


def test_a_minute_of_dispatches_is_one_letter(
    agent: User, hotline: Hotline, department: Department
) -> None:
    made = {dispatched(agent, hotline, department).number for _case in range(3)}

    assert tell_of_dispatches(NOW) == 0  # its minute is not over
    assert tell_of_dispatches(NOW + MINUTE) == 3
    assert tell_of_dispatches(NOW + 2 * MINUTE) == 0

    letter = Letter.objects.get()
    assert (letter.kind, letter.department, letter.to_leader) == (
        LetterKind.DISPATCH,
        department,
        False,
    )
    assert {case.number for case in letter.cases.all()} == made


def test_who_gets_a_case_by_reassignment_hears_of_it_too(
    agent: User, supervisor: User, hotline: Hotline, department: Department
) -> None:
    other = Department.objects.create(name="区教委")
    case = dispatched(agent, hotline, department)
    tell_of_dispatches(NOW + MINUTE)
    body = {"department": other.name, "reason": "归教委"}
    take(case.number, "reassign", supervisor, body, at=NOW + 2 * MINUTE)

    assert tell_of_dispatches(NOW + 3 * MINUTE) == 1
    assert Letter.objects.get(department=other).kind == LetterKind.DISPATCH


def test_what_was_dispatched_long_ago_makes_no_letter_now(
    agent: User, hotline: Hotline, department: Department
) -> None:
    dispatched(agent, hotline, department)

    assert tell_of_dispatches(NOW + timedelta(days=3)) == 0
    assert not Letter.objects.exists()
