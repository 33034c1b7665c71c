"""When a case is due, across the holidays of a real year."""

from datetime import datetime, timedelta

import pytest

from desk.cases import deadlines
from desk.cases.deadlines import Deadline, first_deadline
from desk.cases.models import Urgency
from desk.cases.moments import SHANGHAI
from desk.workdays.calendar import SHIPPED, Calendar

CALENDAR = Calendar()


def at(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=SHANGHAI)


def due(urgency: Urgency, start: str) -> str:
    return said(first_deadline(urgency, at(start), CALENDAR))


def said(deadline: Deadline) -> str:
    return deadline.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def test_hours_run_on_through_nights_and_holidays() -> None:
    assert due(Urgency.URGENT, "2026-02-16T23:30") == "2026-02-17 01:30"
    assert due(Urgency.PRIORITY, "2026-02-16T23:30") == "2026-02-17 23:30"


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-03-02T09:00", "2026-03-10 00:00"),  # Monday to Monday, 24:00
        ("2026-03-01T00:00", "2026-03-10 00:00"),  # a Sunday's seventh day is a Sunday: moves on
        ("2026-02-10T10:00", "2026-02-25 00:00"),  # inside Spring Festival: its first working day
        ("2026-09-28T10:00", "2026-10-09 00:00"),  # inside October's holidays
        ("2026-02-07T10:00", "2026-02-15 00:00"),  # Saturday 14 February is worked
    ],
)
def test_an_ordinary_case_has_seven_days_and_ends_on_a_working_day(start: str, end: str) -> None:
    assert due(Urgency.ORDINARY, start) == end


def test_a_hard_case_has_fifteen_working_days() -> None:
    assert due(Urgency.HARD, "2026-09-18T15:00") == "2026-10-16 00:00"
    assert due(Urgency.HARD, "2026-02-10T08:00") == "2026-03-10 00:00"


def test_the_day_in_shanghai_counts_whatever_the_offset() -> None:
    moment = datetime.fromisoformat("2026-03-01T20:00+00:00")  # already Monday in Shanghai
    assert said(first_deadline(Urgency.ORDINARY, moment, CALENDAR)) == "2026-03-10 00:00"


def test_an_extension_counts_working_days_from_the_old_deadline() -> None:
    old = first_deadline(Urgency.ORDINARY, at("2026-09-22T09:00"), CALENDAR)
    assert said(old) == "2026-09-30 00:00"
    assert said(deadlines.extended(old, 2, CALENDAR)) == "2026-10-09 00:00"


def test_an_extension_of_hours_ends_with_a_day() -> None:
    old = first_deadline(Urgency.URGENT, at("2026-03-02T09:00"), CALENDAR)
    assert said(deadlines.extended(old, 1, CALENDAR)) == "2026-03-04 00:00"


def test_a_stopped_clock_goes_on_with_what_was_left() -> None:
    old = first_deadline(Urgency.ORDINARY, at("2026-03-02T09:00"), CALENDAR)
    left = deadlines.left_of(old, at("2026-03-05T15:00"), Urgency.ORDINARY, CALENDAR)
    assert left == ["calendar", 4]
    assert said(deadlines.resumed(left, at("2026-03-12T10:00"), CALENDAR)) == "2026-03-17 00:00"


def test_a_stopped_clock_of_hours_goes_on_to_the_second() -> None:
    old = first_deadline(Urgency.URGENT, at("2026-03-02T09:00"), CALENDAR)
    left = deadlines.left_of(old, at("2026-03-02T09:50"), Urgency.URGENT, CALENDAR)
    again = deadlines.resumed(left, at("2026-03-05T12:00"), CALENDAR)
    assert again.at - at("2026-03-05T12:00") == timedelta(minutes=70)


def test_what_was_late_stays_late_after_a_suspension() -> None:
    old = first_deadline(Urgency.HARD, at("2026-03-02T09:00"), CALENDAR)
    left = deadlines.left_of(old, at("2026-03-26T10:00"), Urgency.HARD, CALENDAR)
    assert deadlines.resumed(left, at("2026-04-20T10:00"), CALENDAR).at < at("2026-04-20T10:00")


def test_a_deadline_in_a_year_without_a_calendar_says_that_it_is_not_firm() -> None:
    year = SHIPPED.stop - 1
    deadline = first_deadline(Urgency.HARD, at(f"{year}-12-25T09:00"), CALENDAR)
    assert not deadline.is_firm

    entered = Calendar(entered=frozenset({year + 1}))
    again = deadlines.counted(deadline.basis, entered)
    assert again.is_firm


def test_a_return_is_due_within_two_working_days() -> None:
    until = deadlines.return_until(at("2026-09-30T16:00"), CALENDAR)
    assert until.astimezone(SHANGHAI).strftime("%m-%d %H:%M") == "10-10 00:00"
