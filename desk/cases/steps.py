"""The steps of a case: one table says from where, to where and by whom; one function takes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from desk.cases.deadlines import due_at
from desk.cases.errors import BadBody, IllegalStep, WrongStep
from desk.cases.merging import merge, unmerge
from desk.cases.models import OPEN_STATES, Case, CaseEvent, CaseField, State, Urgency
from desk.conversations.live import announce
from desk.people.models import Department, Role, User


@dataclass(frozen=True)
class Step:
    sources: tuple[State, ...]
    target: State | None  # None: the state stays
    roles: frozenset[str]
    carry_out: Callable[[Case, dict[str, Any]], str]  # changes the case; returns the note


def take(number: str, step: str, user: User, body: dict[str, Any]) -> Case:
    """Take a step of a case, with its line in the history.

    Raises `Case.DoesNotExist`, `IllegalStep` or `BadBody`; then nothing has changed.
    """
    with transaction.atomic():
        case = Case.with_practice.select_for_update(of=("self",)).get(number=number)
        rule = STEPS.get(step)
        if rule is None or step not in legal_steps(case, user):
            raise IllegalStep(
                _("This step is not possible now: %s") % step, legal_steps(case, user)
            )
        note = rule.carry_out(case, body)
        if rule.target is not None:
            case.state = rule.target
        case.save()
        CaseEvent.objects.create(case=case, kind=step, by=user.username, user=user, note=note)
        announce(
            "case",
            hotline=case.hotline_id,
            conversation=case.conversation_id,
            case=case.number,
        )
    return case


def legal_steps(case: Case, user: User) -> list[str]:
    """The steps that this user may take now."""
    return [
        name
        for name, step in STEPS.items()
        if case.state in step.sources
        and (name in _PRACTISED or not case.is_practice)
        and (user.role in step.roles or user.role == Role.ADMIN or user.is_superuser)
    ]


def _dispatch(case: Case, body: dict[str, Any]) -> str:
    department = _department(body.get("department") or "")
    others = [_department(name) for name in body.get("co_departments") or []]
    urgency = body.get("urgency") or case.urgency
    if urgency not in Urgency:
        raise BadBody(_("Unknown urgency: %s") % urgency)
    case.department = department
    case.urgency = urgency
    if case.dispatched_at is None:
        case.dispatched_at = timezone.now()
        case.due_at = due_at(Urgency(urgency), case.dispatched_at)
    case.co_departments.set(others)
    CaseField.objects.update_or_create(
        case=case,
        name="department",
        defaults={"value": department.name, "confidence": 1.0},
    )
    return _note(body)


def _department(name: str) -> Department:
    if not name:
        raise BadBody(_("Which department? `department` is missing."))
    found = Department.objects.filter(name=name).first()
    if found is None:
        raise BadBody(_("Unknown department: %s") % name)
    return found


def _close(case: Case, body: dict[str, Any]) -> str:
    case.closed_at = timezone.now()
    return _required_note(body)


def _add_note(case: Case, body: dict[str, Any]) -> str:
    return _required_note(body)


def _merge(case: Case, body: dict[str, Any]) -> str:
    number = str(body.get("into") or "").strip()
    if not number:
        raise BadBody(_("Into which case? `into` is missing."))
    merge(case, number)
    return _("into %s") % number


def _unmerge(case: Case, body: dict[str, Any]) -> str:
    unmerge(case)
    return _note(body)


def _note(body: dict[str, Any]) -> str:
    return str(body.get("note") or "").strip()


def _required_note(body: dict[str, Any]) -> str:
    note = _note(body)
    if not note:
        raise BadBody(_("`note` is missing."))
    return note


_DESK = frozenset({Role.AGENT, Role.SUPERVISOR})

# What would carry a simulated case to where real ones are is left out.
_PRACTISED = frozenset({"dispatch", "close", "note"})

_MERGEABLE = (State.ACCEPTED, State.DISPATCHED, State.SIGNED, State.HANDLING)

__all__ = ["STEPS", "BadBody", "IllegalStep", "Step", "WrongStep", "legal_steps", "take"]

STEPS: dict[str, Step] = {
    "dispatch": Step((State.ACCEPTED,), State.DISPATCHED, _DESK, _dispatch),
    "close": Step((State.CALLED_BACK, State.ACCEPTED), State.CLOSED, _DESK, _close),
    "note": Step(OPEN_STATES, None, _DESK, _add_note),
    "merge": Step(_MERGEABLE, State.MERGED, _DESK, _merge),
    "unmerge": Step((State.MERGED,), None, _DESK, _unmerge),
}
