"""Taking a department's step as its form says; a refusal says what is possible instead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from desk.cases.actors import Actor
from desk.cases.models import Case
from desk.cases.proof import answer
from desk.cases.step_forms import FORMS, body_of, missing
from desk.cases.steps import BadBody, IllegalStep, take
from desk.conversations.ownership import NotAllowed
from desk.conversations.sent_files import uploads_of
from desk.handling.offers import STEPS, reason
from desk.workdays.calendar import current


@dataclass(frozen=True)
class Fault:
    words: str
    status: int
    legal: tuple[str, ...] = ()  # labels of the steps that are


def take_step(
    request: HttpRequest, case: Case, step: str, actor: Actor, at: datetime
) -> Fault | None:
    """None when it is taken. `case` is one that the actor's department may read."""
    if step not in STEPS:
        raise Http404
    body = body_of(step, request.POST)
    if empty := missing(step, body):
        return Fault(_("Still to fill in: %s") % "、".join(empty), 422)
    try:
        if step == "answer":
            files = uploads_of(request.FILES.getlist("file"))
            answer(case.number, actor, body, files, at=at)
        else:
            take(case.number, step, actor, body, at=at)
    except IllegalStep as error:
        return _too_late(case, step, actor, at, error)
    except (BadBody, NotAllowed) as error:
        return Fault(str(error), 422)
    return None


def typed_in(request: HttpRequest, step: str) -> dict[str, str]:
    """What stood in the form, to be shown again."""
    form = FORMS.get(step)
    return {ask.name: request.POST.get(ask.name, "") for ask in (form.asks if form else ())}


def _too_late(case: Case, step: str, actor: Actor, at: datetime, error: IllegalStep) -> Fault:
    case = Case.objects.get(pk=case.pk)
    if actor.department == case.department_id:
        why = reason(case, step, at, current())
    else:
        why = _("the case is not with your department now")
    words = _("“%(step)s” is not possible now: %(why)s") % {"step": FORMS[step].label, "why": why}
    legal = tuple(str(FORMS[name].label) for name in error.legal if name in STEPS)
    return Fault(words, 409, legal)
