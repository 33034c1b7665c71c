"""Steps of the department that has the case, and what its time allows."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from desk.cases import clock, counted
from desk.cases.deadlines import return_until
from desk.cases.models import Case, State
from desk.cases.steps import bodies
from desk.cases.steps.step import Done, Taking
from desk.workdays.calendar import Calendar


def sign(taking: Taking, _body: bodies.Nothing) -> Done:
    counted.responded(taking.case, taking.at)
    return Done(state=State.SIGNED)


def handle(taking: Taking, body: bodies.Note) -> Done:
    return Done(body.note, State.HANDLING)


def answer(taking: Taking, body: bodies.Answer) -> Done:
    counted.responded(taking.case, taking.at)
    taking.case.answered_at = taking.at
    taking.case.owed_since = None
    department = taking.case.department.name if taking.case.department else ""
    return Done(body.text, State.ANSWERED, {"department": department})


def extend(taking: Taking, body: bodies.Extend) -> Done:
    taking.case.extension_asked = body.working_days
    return Done(body.reason, None, {"working_days": body.working_days})


def rule_extension(taking: Taking, body: bodies.Ruling) -> Done:
    case = taking.case
    days = case.extension_asked or 0
    case.extension_asked = None
    if not body.approve:
        bodies.need(body.reason, "reason")
        return Done(body.reason, None, {"approve": False, "working_days": days})
    before = case.due_at
    case.extended_by = days
    clock.extend(case, days, taking.calendar)
    return Done(
        body.reason, None, {"approve": True, "working_days": days, **_moved(taking, before)}
    )


def suspend(taking: Taking, body: bodies.Suspend) -> Done:
    case = taking.case
    until = bodies.moment_to_come(body.until, taking.at)
    clock.stop(case, taking.at, taking.calendar)
    case.suspended_until = until
    return Done(body.reason, State.SUSPENDED, {"until": until.isoformat()})


def resume(taking: Taking, body: bodies.Note) -> Done:
    case = taking.case
    before, case.owed_since = case.due_at, taking.at
    clock.go_on(case, taking.at, taking.calendar)
    return Done(body.note, State.HANDLING, _moved(taking, before))


def too_late_to_return(case: Case, at: datetime, calendar: Calendar) -> str | None:
    since = case.sent_at or case.dispatched_at
    if since is not None and at > return_until(since, calendar):
        return _("A return is due within 2 working days of the dispatch; they are over.")
    return None


def not_extendable(case: Case, _at: datetime, _calendar: Calendar) -> str | None:
    if case.extended_by:
        return _("The limit has been extended once already.")
    if case.extension_asked:
        return _("More time has been asked for; the line has not ruled on it yet.")
    return None


def nothing_to_rule(case: Case, _at: datetime, _calendar: Calendar) -> str | None:
    return None if case.extension_asked else _("Nobody has asked for more time.")


def _moved(taking: Taking, before: datetime | None) -> dict[str, str]:
    """What the history keeps of a deadline that moved."""
    case = taking.case
    counted.due_moved(case, taking.calendar)
    if before is None or case.due_at is None:
        return {}
    return {"before": before.isoformat(), "due_at": case.due_at.isoformat()}
