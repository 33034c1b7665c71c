"""The clock of a case: starts with the first dispatch, moves with a granted extension, stops while
suspended. Each function changes the case in memory; the step that calls it saves.
"""

from __future__ import annotations

from datetime import datetime

from desk.cases import deadlines
from desk.cases.deadlines import Deadline
from desk.cases.models import Case, Urgency
from desk.cases.rungs import CHASES, climbed
from desk.workdays.calendar import Calendar


def start(case: Case, at: datetime, calendar: Calendar) -> None:
    """With the first dispatch; a later one keeps the first deadline."""
    if case.dispatched_at is None:
        case.dispatched_at = at
        set_deadline(case, deadlines.first_deadline(Urgency(case.urgency), at, calendar))


def deadline_of(case: Case) -> Deadline | None:
    if case.due_at is None:
        return None
    basis = case.due_basis or [["moment", case.due_at.isoformat()]]
    return Deadline(case.due_at, basis, case.due_is_firm)


def extend(case: Case, working_days: int, calendar: Calendar) -> None:
    if deadline := deadline_of(case):
        set_deadline(case, deadlines.extended(deadline, working_days, calendar))


def stop(case: Case, at: datetime, calendar: Calendar) -> None:
    if deadline := deadline_of(case):
        urgency = Urgency(case.urgency)
        case.suspended_left = deadlines.left_of(deadline, at, urgency, calendar)


def go_on(case: Case, at: datetime, calendar: Calendar) -> None:
    if case.suspended_left:
        set_deadline(case, deadlines.resumed(case.suspended_left, at, calendar))
    case.suspended_left = case.suspended_until = None


def count_again(case: Case, calendar: Calendar) -> bool:
    """After a change of the calendar; False when nothing is different."""
    if not case.due_basis:
        return False
    deadline = deadlines.counted(case.due_basis, calendar)
    if (deadline.at, deadline.is_firm) == (case.due_at, case.due_is_firm):
        return False
    if deadline.at == case.due_at:
        case.due_is_firm = deadline.is_firm
    else:
        set_deadline(case, deadline)
    return True


def set_deadline(case: Case, deadline: Deadline) -> None:
    """A new deadline has a ladder of its own; one that it had before, what is left of it."""
    case.rungs = climbed(case, deadline.at) if case.due_at else []
    case.due_at, case.due_basis = deadline.at, deadline.basis
    case.due_is_firm = deadline.is_firm
    case.chases = sum(rung in CHASES for rung in case.rungs)
