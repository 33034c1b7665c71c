from datetime import timedelta

import pytest

from desk.cases.models import Case, State
from desk.supervision.rounds import supervise
from desk.telling.standing import standing_of
from desk.workdays.calendar import current
from tests.desk.telling.conftest import DAY, Line, moment

pytestmark = pytest.mark.django_db


def stands(case: Case, line: Line, after: timedelta = timedelta(0)) -> str:
    case = Case.objects.select_related("department", "merged_into").get(pk=case.pk)
    return str(standing_of(case, line.at + after, current()))


def test_every_state_has_a_sentence(line: Line) -> None:
    case = line.case(line.citizen())
    line.dispatched(case)
    said = set()
    for state in State:
        Case.objects.filter(pk=case.pk).update(state=state)
        said.add(stands(case, line))
    assert len(said) >= len(State) - 1  # signed and handling stand alike
    assert all(said)


def test_a_case_in_time_says_who_has_it_and_until_when(line: Line) -> None:
    case = line.case(line.citizen())
    line.dispatched(case)
    words = stands(case, line)
    assert line.department.name in words
    assert "3月9日 24:00" in words


def test_a_late_case_says_so_first_and_what_comes_next(line: Line) -> None:
    case = line.case(line.citizen())
    line.dispatched(case)  # due when Monday the 9th is over
    line.at = moment("2026-03-12T10:00")
    supervise(line.at)
    fresh = Case.objects.select_related("department").get(pk=case.pk)
    standing = standing_of(fresh, line.at, current())
    assert standing.is_late
    assert "2" in standing.lead
    assert line.department.name in standing.more
    assert "3月16日" in standing.more
    line.at = moment("2026-03-17T10:00")
    supervise(line.at)
    assert "3月16日" not in stands(case, line)


def test_an_answer_is_told_with_department_and_day(line: Line) -> None:
    case = line.case(line.citizen())
    line.reviewed(case)
    words = stands(case, line)
    assert line.department.name in words
    assert "3月3日" in words


def test_what_one_said_when_called_back_is_theirs_alone(line: Line) -> None:
    case = line.case(line.citizen())
    line.reviewed(case)
    line.do(case, "callback", DAY, reached=True, solved=False)
    fresh = Case.objects.get(pk=case.pk)
    own = standing_of(fresh, line.at, current())
    theirs = standing_of(fresh, line.at, current(), for_owner=False)
    assert own != theirs


def test_a_merged_case_names_the_one_that_goes_on(line: Line) -> None:
    case, into = line.case(line.citizen()), line.case(line.citizen("o-2"))
    line.do(case, "merge", into=into.number)
    assert into.number in stands(case, line)
