"""The one table of legal steps. Pages, API and tests read it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from desk.cases.actors import CITIZEN_ROLE, SYSTEM_ROLE, Actor
from desk.cases.models import OPEN_STATES, Case, State
from desk.cases.steps import bodies, ending, handling, moving
from desk.cases.steps.step import Step
from desk.people.models import Role, User
from desk.workdays.calendar import Calendar, current

_DESK = frozenset({Role.AGENT, Role.SUPERVISOR})
_AGENT = frozenset({Role.AGENT})
_LINE = frozenset({Role.SUPERVISOR})
_DEPARTMENT = frozenset({Role.HANDLER})
_ANYBODY = frozenset({CITIZEN_ROLE, Role.AGENT, Role.SUPERVISOR})

# What would carry a simulated case to where real ones are is left out.
_PRACTISED = frozenset({"dispatch", "close", "note"})

_A, _D, _S = State.ACCEPTED, State.DISPATCHED, State.SIGNED
_H, _MERGEABLE = State.HANDLING, (State.ACCEPTED, State.DISPATCHED, State.SIGNED, State.HANDLING)

STEPS: dict[str, Step] = {
    "dispatch": Step((_A,), _DESK, bodies.Dispatch, moving.dispatch),
    "sign": Step((_D,), _DEPARTMENT, bodies.Nothing, handling.sign),
    "return": Step(
        (_D, _S), _DEPARTMENT, bodies.Reason, moving.ask_return, handling.too_late_to_return
    ),
    "rule_return": Step((State.RETURN_ASKED,), _LINE, bodies.Ruling, moving.rule_return),
    "reassign": Step((_D, _S, _H), _LINE, bodies.Reassign, moving.reassign),
    "co_handle": Step((_D, _S, _H), _LINE, bodies.CoHandle, moving.co_handle),
    "handle": Step((_S,), _DEPARTMENT, bodies.Note, handling.handle),
    "extend": Step((_S, _H), _DEPARTMENT, bodies.Extend, handling.extend, handling.not_extendable),
    "rule_extension": Step(
        (_S, _H), _LINE, bodies.Ruling, handling.rule_extension, handling.nothing_to_rule
    ),
    "suspend": Step((_H,), _LINE, bodies.Suspend, handling.suspend),
    "resume": Step((State.SUSPENDED,), _LINE | {SYSTEM_ROLE}, bodies.Note, handling.resume),
    "answer": Step((_S, _H), _DEPARTMENT, bodies.Answer, handling.answer),
    "review": Step((State.ANSWERED,), _DESK, bodies.Ruling, ending.review),
    "callback": Step(OPEN_STATES, _AGENT, bodies.CallBack, ending.call_back, ending.not_day_seven),
    "close": Step((State.CALLED_BACK, _A), _DESK, bodies.Note, ending.close),
    "redo": Step((State.CALLED_BACK, State.CLOSED), _DESK, bodies.Redo, moving.redo),
    "chase": Step(OPEN_STATES, _ANYBODY, bodies.Note, ending.chase),
    "supervise": Step(OPEN_STATES, _ANYBODY, bodies.Note, ending.supervise),
    "note": Step(OPEN_STATES, _ANYBODY, bodies.Note, ending.add_note),
    "merge": Step(_MERGEABLE, _DESK, bodies.Merge, ending.merge),
    "unmerge": Step((State.MERGED,), _DESK, bodies.Note, ending.unmerge),
    "transfer": Step(OPEN_STATES, _DESK, bodies.Transfer, moving.transfer),
}


def legal_steps(
    case: Case,
    who: User | Actor,
    at: datetime,
    calendar: Calendar | None = None,
) -> list[str]:
    """The steps that somebody may take at a moment."""
    actor = Actor.of(who) if isinstance(who, User) else who
    calendar = calendar or current()
    return [
        name
        for name, step in STEPS.items()
        if _is_for(case, name, step, actor) and step.hindrance(case, at, calendar) is None
    ]


def why_not(case: Case, name: str, at: datetime, calendar: Calendar) -> str | None:
    """Why a step of this state cannot be taken now; None when the state itself forbids it."""
    step = STEPS.get(name)
    if step is None or case.state not in step.sources:
        return None
    return step.hindrance(case, at, calendar) or _("Your role does not do this.")


def steps_to_come(
    case: Case, who: User | Actor, at: datetime, calendar: Calendar
) -> list[tuple[str, str]]:
    """The steps of somebody's role that cannot be taken now, each with its reason."""
    actor = Actor.of(who) if isinstance(who, User) else who
    legal = set(legal_steps(case, actor, at, calendar))
    found = []
    for name, step in STEPS.items():
        if name in legal or case.is_practice or not _has_role(case, step, actor):
            continue
        reason = (
            step.hindrance(case, at, calendar)
            if case.state in step.sources
            else _("from: %s") % "、".join(str(State(one).label) for one in step.sources)
        )
        if reason:
            found.append((name, reason))
    return found


def _has_role(case: Case, step: Step, actor: Actor) -> bool:
    if actor.role == Role.HANDLER and actor.department != case.department_id:
        return False
    return actor.role == Role.ADMIN or actor.role in step.roles


def _is_for(case: Case, name: str, step: Step, actor: Actor) -> bool:
    if case.state not in step.sources or (case.is_practice and name not in _PRACTISED):
        return False
    # Who helps with a case reads it; the lead answers for it.
    return _has_role(case, step, actor)
