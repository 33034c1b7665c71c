"""The steps that a department can take now, and those that it cannot, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.cases.actors import Actor
from desk.cases.deadlines import return_until
from desk.cases.models import Case, State
from desk.cases.step_forms import FORMS, StepForm
from desk.cases.steps import legal_steps, why_not
from desk.pages.times import until
from desk.workdays.calendar import Calendar

# The commonest first; the first that is legal has the button that is pressed.
STEPS = ("sign", "answer", "handle", "return", "extend")

_BY_STATE = {
    State.DISPATCHED: gettext_lazy("Sign for it first."),
    State.RETURN_ASKED: gettext_lazy("You asked to return it; the line rules on that first."),
    State.SUSPENDED: gettext_lazy("Its clock is stopped; the line lets it go on."),
    State.ANSWERED: gettext_lazy("Your answer is with the line for review."),
}
_OVER = gettext_lazy("It has been answered, and the answer was accepted.")


@dataclass(frozen=True)
class Offer:
    form: StepForm
    hint: str  # said beside the button
    typed: Mapping[str, str] = field(default_factory=dict)
    is_first: bool = False

    @property
    def name(self) -> str:
        return self.form.name

    @property
    def takes_files(self) -> bool:
        return self.form.name == "answer"


@dataclass(frozen=True)
class Refused:
    form: StepForm
    reason: str


def offers(
    case: Case,
    actor: Actor,
    at: datetime,
    calendar: Calendar,
    step: str = "",
    typed: Mapping[str, str] | None = None,
) -> list[Offer]:
    """`typed`: what stood in the form of `step` when it was refused."""
    legal = set(legal_steps(case, actor, at, calendar))
    names = [name for name in STEPS if name in legal]
    return [
        Offer(
            FORMS[name],
            _hint(case, name, at, calendar),
            typed or {} if name == step else {},
            is_first=name == names[0],
        )
        for name in names
    ]


def refused(case: Case, actor: Actor, at: datetime, calendar: Calendar) -> list[Refused]:
    """What is done already (signed for, begun) is not said to be impossible."""
    if actor.department != case.department_id:
        return []
    legal = set(legal_steps(case, actor, at, calendar))
    done = {"sign"} if case.state != State.DISPATCHED else set()
    if case.state not in (State.DISPATCHED, State.SIGNED):
        done.add("handle")
    return [
        Refused(FORMS[name], reason(case, name, at, calendar))
        for name in STEPS
        if name not in legal | done
    ]


def reason(case: Case, name: str, at: datetime, calendar: Calendar) -> str:
    """Why a step that is not legal now is not, for the department that has the case."""
    if hindrance := why_not(case, name, at, calendar):
        return hindrance
    if name == "return" and case.state == State.HANDLING:
        return _("Handling has begun. If it is not yours, ask the line to reassign it.")
    return str(_BY_STATE.get(State(case.state), _OVER))


def _hint(case: Case, name: str, at: datetime, calendar: Calendar) -> str:
    since = case.sent_at or case.dispatched_at
    if name == "return" and since is not None:
        end = until(return_until(since, calendar), at)
        return _("until %s; say which duty is not yours") % end
    return str(FORMS[name].hint)
