"""Taking a step: lock, check, change, record. All of it, or nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from desk.cases.actors import Actor
from desk.cases.errors import IllegalStep
from desk.cases.ladder import next_act_at
from desk.cases.models import Case
from desk.cases.recording import record, tell_pages
from desk.cases.steps.bodies import read
from desk.cases.steps.step import Taking
from desk.cases.steps.table import STEPS, legal_steps, why_not
from desk.cases.steps.talks import lock_talk
from desk.people.models import User
from desk.telling.noticing import of_step
from desk.workdays.calendar import current


def take(number: str, step: str, who: User | Actor, body: dict[str, Any], *, at: datetime) -> Case:
    """Take a step of a case, with its line in the history.

    Raises `Case.DoesNotExist`, `IllegalStep` or `BadBody`; then nothing has changed.
    """
    actor = Actor.of(who) if isinstance(who, User) else who
    with transaction.atomic():
        lock_talk(number, body)
        case = locked(number)
        taking = Taking(case, actor, at, current())
        legal = legal_steps(case, actor, at, taking.calendar)
        if step not in legal:
            reason = why_not(case, step, at, taking.calendar)
            raise IllegalStep(reason or _("This step is not possible now: %s") % step, legal)
        carry_out(taking, step, body)
    return case


def carry_out(taking: Taking, step: str, body: dict[str, Any], key: str = "") -> None:
    """A legal step of a locked case, inside the caller's transaction."""
    rule, case = STEPS[step], taking.case
    done = rule.carry_out(taking, read(body, rule.body))
    before = case.state
    if done.state is not None:
        case.state = done.state
    case.act_at = next_act_at(case, taking.calendar)
    case.save()
    data = done.data | ({"from": before, "to": case.state} if before != case.state else {})
    event = record(case, step, taking.actor, at=taking.at, note=done.note, data=data, key=key)
    of_step(case, event, taking.calendar)
    tell_pages(case)


def locked(number: str) -> Case:
    return (
        Case.with_practice.select_for_update(of=("self",))
        .select_related("department", "hotline")
        .get(number=number)
    )
