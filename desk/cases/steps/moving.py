"""Steps that decide whose a case is: dispatch, return, reassign, co-handlers, redo, transfer."""

from __future__ import annotations

from django.utils.translation import gettext as _

from desk.cases import clock, counted
from desk.cases.errors import BadBody
from desk.cases.models import CaseField, State
from desk.cases.recording import tell_pages
from desk.cases.steps import bodies
from desk.cases.steps.step import Done, Taking
from desk.cases.steps.talks import pass_talk
from desk.people.models import Department, Hotline
from desk.people.serving import serving


def dispatch(taking: Taking, body: bodies.Dispatch) -> Done:
    case = taking.case
    department = _department(body.department)
    others = _departments(body.co_departments, "co_departments")
    if case.dispatched_at is None and body.urgency is not None:
        case.urgency = body.urgency
    is_first = case.dispatched_at is None
    clock.start(case, taking.at, taking.calendar)
    _hand_over(taking, department)
    case.co_departments.set(other for other in others if other != department)
    _note_field(taking, department)
    data = {"department": department.name, "urgency": case.urgency}
    if is_first and case.due_at:
        data["due_at"] = case.due_at.isoformat()
    return Done(body.note, State.DISPATCHED, data)


def ask_return(taking: Taking, body: bodies.Reason) -> Done:
    taking.case.returns += 1
    assert taking.case.department is not None
    return Done(body.reason, State.RETURN_ASKED, {"department": taking.case.department.name})


def rule_return(taking: Taking, body: bodies.Ruling) -> Done:
    case = taking.case
    department = case.department.name if case.department else ""
    data = {"approve": body.approve, "department": department}
    if not body.approve:
        bodies.need(body.reason, "reason")
        return Done(body.reason, State.DISPATCHED, data)
    # Who sent it back rightly is not counted for it, and has it no more.
    counted.returned(case)
    case.owed_since = None
    return Done(body.reason, State.ACCEPTED, data)


def reassign(taking: Taking, body: bodies.Reassign) -> Done:
    before = taking.case.department
    department = _department(body.department)
    if department == before:
        raise BadBody(_("%s has this case already.") % department, "department")
    owed_since = taking.case.owed_since
    _hand_over(taking, department)
    taking.case.owed_since = owed_since  # the answer has been owed all the time
    taking.case.co_departments.remove(department)
    _note_field(taking, department)
    data = {"department": department.name, "before": before.name if before else ""}
    return Done(body.reason, State.DISPATCHED, data)


def co_handle(taking: Taking, body: bodies.CoHandle) -> Done:
    found = [
        one
        for one in _departments(body.departments, "departments")
        if one != taking.case.department
    ]
    if not found:
        raise BadBody(_("Name another department than the one that has it."), "departments")
    taking.case.co_departments.add(*found)
    names = [one.name for one in found]
    return Done("、".join(names), None, {"departments": names})


def redo(taking: Taking, body: bodies.Redo) -> Done:
    """Back to the department that answered, with the file. The first deadline stays."""
    case = taking.case
    name = body.department or (case.department.name if case.department else "")
    department = _department(name)
    case.hotline_id = serving(case.hotline_id)  # a merged line's closed cases are its history
    clock.start(case, taking.at, taking.calendar)
    case.closed_at = case.callback_due_at = case.answered_at = None
    counted.no_longer_approved(case, taking.at)
    _hand_over(taking, department)
    return Done(body.reason, State.DISPATCHED, {"department": department.name})


def transfer(taking: Taking, body: bodies.Transfer) -> Done:
    """To another line with talk, file and clock; up to the city's or down to a district's."""
    case = taking.case
    hotline = Hotline.objects.filter(code=serving(body.hotline)).first()
    if hotline is None:
        raise BadBody(_("Unknown hotline: %s") % body.hotline, "hotline")
    if hotline.code == case.hotline_id:
        raise BadBody(_("The case is with %s already.") % hotline, "hotline")
    data: dict[str, str | bool] = {"from": case.hotline_id, "to": hotline.code}
    if body.with_talk:
        pass_talk(case, hotline, taking.actor, body.reason)
        data["with_talk"] = True
    tell_pages(case)  # of the line that gives it; the other one hears with the step
    case.hotline = hotline
    return Done(body.reason, None, data)


def _hand_over(taking: Taking, department: Department) -> None:
    case = taking.case
    if case.department_id != department.pk:
        case.is_supervised = False
    counted.handed_over(case, department, taking.at, taking.calendar)
    case.owed_since = taking.at


def _note_field(taking: Taking, department: Department) -> None:
    CaseField.objects.update_or_create(
        case=taking.case,
        name="department",
        defaults={"value": department.name, "confidence": 1.0},
    )


def _departments(names: list[str], field: str) -> list[Department]:
    return [_department(name, field) for name in names]


def _department(name: str, field: str = "department") -> Department:
    if not name:
        raise BadBody(_("Which department? `department` is missing."), field)
    found = Department.objects.filter(name=name).first()
    if found is None:
        raise BadBody(_("Unknown department: %s") % name, field)
    return found
