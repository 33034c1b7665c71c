"""From an answer to the end: review, call back, close; and what anybody may add on the way."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from desk.cases import counted
from desk.cases.errors import BadBody
from desk.cases.ladder import day_seven
from desk.cases.merging import merge as merge_into
from desk.cases.merging import unmerge as take_out
from desk.cases.models import UNANSWERED, Callback, Case, State
from desk.cases.steps import bodies
from desk.cases.steps.step import Done, Taking
from desk.workdays.calendar import Calendar


def review(taking: Taking, body: bodies.Ruling) -> Done:
    case = taking.case
    if not body.approve:
        bodies.need(body.reason, "reason")
        case.answered_at, case.owed_since = None, taking.at
        return Done(body.reason, State.HANDLING, {"approve": False})
    counted.approved(case, taking.at)
    case.is_supervised = False
    return Done(body.reason, State.REVIEWED, {"approve": True})


def call_back(taking: Taking, body: bodies.CallBack) -> Done:
    case = taking.case
    if not body.reached and (body.solved is not None or body.satisfied is not None):
        words = _("Who was not reached has said neither whether it is solved nor how well.")
        raise BadBody(words, "reached")
    Callback.objects.create(
        case=case,
        at=taking.at,
        by=taking.actor.name,
        user=taking.actor.user,
        reached=body.reached,
        solved=body.solved,
        satisfied=body.satisfied,
    )
    case.callback_due_at = None
    case.called_back_at = case.called_back_at or taking.at
    data = {"reached": body.reached, "solved": body.solved, "satisfied": body.satisfied}
    state = State.CALLED_BACK if case.state == State.REVIEWED else None
    return Done(body.note, state, data)


def not_day_seven(case: Case, at: datetime, _calendar: Calendar) -> str | None:
    if case.state == State.REVIEWED or at >= day_seven(case.accepted_at):
        return None
    return _("Before day 7 a call back comes after the review.")


def close(taking: Taking, body: bodies.Note) -> Done:
    bodies.need(body.note, "note")
    taking.case.closed_at = taking.at
    taking.case.callback_due_at = None
    return Done(body.note, State.CLOSED)


def chase(taking: Taking, body: bodies.Note) -> Done:
    taking.case.pushes += 1
    return Done(body.note)


def supervise(taking: Taking, body: bodies.Note) -> Done:
    bodies.need(body.note, "note")
    taking.case.is_supervised = True
    return Done(body.note)


def add_note(taking: Taking, body: bodies.Note) -> Done:
    bodies.need(body.note, "note")
    return Done(body.note)


def merge(taking: Taking, body: bodies.Merge) -> Done:
    before = taking.case.state
    merge_into(taking.case, body.into, taking.actor, taking.at)
    return Done(_("into %s") % body.into, State.MERGED, {"into": body.into, "was": before})


def unmerge(taking: Taking, body: bodies.Note) -> Done:
    state = take_out(taking.case)
    if state in UNANSWERED:
        taking.case.owed_since = taking.at
    return Done(body.note, state)
