"""What a case counts for in the rates, kept up with each step so that a month is one query.

It counts for the department that has it at the due time, from when that department got it. What a
month has counted stays counted once the month is over. `desk.reports.counting` reads it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from desk.cases.deadlines import at_hour, last_day, response_until
from desk.cases.models import Case, CaseEvent
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


def due_moved(case: Case, calendar: Calendar) -> None:
    """By an extension or a suspension: another month may count it, for another department."""
    case.counted_approval_at = _approved_by_end_of_due_month(case)
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


def _approved_by_end_of_due_month(case: Case) -> datetime | None:
    """Of a month that is over, how it stood then: what was redone since counts as it did."""
    if case.due_at is None:
        return None
    first = last_day(case.due_at).replace(day=1)
    end = at_hour((first + timedelta(days=32)).replace(day=1), 0)
    ruled = CaseEvent.objects.filter(case=case, kind__in=("review", "redo"), at__lte=end)
    last = ruled.order_by("at", "pk").last()
    return last.at if last and last.kind == "review" and last.data.get("approve") else None


def _is_in_due_month(case: Case, at: datetime) -> bool:
    """Whether the month in which the case is due is still running, or is to come."""
    if case.due_at is None:
        return False
    return last_day(at).replace(day=1) <= last_day(case.due_at).replace(day=1)
