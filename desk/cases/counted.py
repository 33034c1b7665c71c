"""What a case counts for in the rates, kept up with each step so that a month is one query.

It counts for the department that has it at the due time, from when that department got it. What a
month has counted stays counted once the month is over. `desk.reports.counting` reads it.
"""

from __future__ import annotations

from datetime import datetime

from desk.cases.deadlines import last_day, response_until
from desk.cases.models import Case
from desk.people.models import Department
from desk.workdays.calendar import Calendar


def handed_over(case: Case, department: Department, at: datetime, calendar: Calendar) -> None:
    """A department has it now. After the due time that changes nothing."""
    if case.department_id != department.pk or case.held_since is None:
        case.department, case.held_since = department, at
    case.sent_at, case.responded_at = at, None
    if case.due_at is None or at <= case.due_at:
        _count_for_holder(case, calendar)


def returned(case: Case) -> None:
    """An approved return does not count for who returned it."""
    if case.counted_for_id == case.department_id:
        case.counted_for = case.counted_since = None
        case.counted_response_until = case.counted_response_at = None
    case.department = case.held_since = case.sent_at = case.responded_at = None


def responded(case: Case, at: datetime) -> None:
    case.responded_at = case.responded_at or at
    if case.counted_for_id == case.department_id and case.counted_response_at is None:
        case.counted_response_at = at


def approved(case: Case, at: datetime) -> None:
    case.approved_at = at
    if _is_in_due_month(case, at):
        case.counted_approval_at = at


def no_longer_approved(case: Case, at: datetime) -> None:
    case.approved_at = None
    if _is_in_due_month(case, at):
        case.counted_approval_at = None


def due_moved(case: Case, at: datetime, calendar: Calendar) -> None:
    """By an extension or a suspension: another month may count it, for another department."""
    if case.approved_at is None:
        no_longer_approved(case, at)
    if case.held_since and case.due_at and case.held_since <= case.due_at:
        _count_for_holder(case, calendar)


def _count_for_holder(case: Case, calendar: Calendar) -> None:
    if case.held_since is None or (
        case.counted_for_id == case.department_id and case.counted_since == case.held_since
    ):
        return
    case.counted_for, case.counted_since = case.department, case.held_since
    case.counted_response_until = response_until(case.held_since, calendar)
    case.counted_response_at = case.responded_at


def _is_in_due_month(case: Case, at: datetime) -> bool:
    """Whether the month in which the case is due is still running, or is to come."""
    if case.due_at is None:
        return False
    return last_day(at).replace(day=1) <= last_day(case.due_at).replace(day=1)
