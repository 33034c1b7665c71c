"""The form of each step of a case: one table says what it asks for; pages draw what is legal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from desk.cases.models import Case
from desk.cases.steps import legal_steps
from desk.cases.steps.talks import talk_can_go
from desk.people.models import User
from desk.workdays.calendar import Calendar


@dataclass(frozen=True)
class Ask:
    """One input. `kind` picks its widget and how its value is read."""

    name: str
    # text | long | number | date | yes_no | check | urgency | department | departments | hotline
    kind: str
    label: str | Promise
    is_needed: bool = False
    example: str | Promise = ""


@dataclass(frozen=True)
class StepForm:
    name: str
    label: str | Promise
    hint: str | Promise
    icon: str
    asks: tuple[Ask, ...] = ()


_NOTE = Ask("note", "long", _("Note for colleagues"))
_NEEDED_NOTE = Ask("note", "long", _("Note"), is_needed=True)
_REASON = Ask("reason", "long", _("Reason"), is_needed=True)
_APPROVE = Ask("approve", "yes_no", _("Agree?"), is_needed=True)
_DEPARTMENT = Ask("department", "department", _("Department"), is_needed=True)
_WITH_TALK = Ask("with_talk", "check", _("The open talk goes along, to the other line's queue"))
_URGENCY = Ask("urgency", "urgency", _("Limit"), is_needed=True)

_FORMS = (
    StepForm(
        "dispatch",
        _("Dispatch"),
        _("starts the clock"),
        "send",
        (_DEPARTMENT, _URGENCY, _NOTE),
    ),
    StepForm("sign", _("Sign for it"), _("it is ours"), "file-check"),
    StepForm("handle", _("Begin to handle"), "", "hammer", (_NOTE,)),
    StepForm(
        "answer",
        _("Answer the citizen"),
        _("sent to the citizen as it is, after the review"),
        "message-square-reply",
        (Ask("text", "long", _("What was found, what was done, what comes"), is_needed=True),),
    ),
    StepForm(
        "review",
        _("Review the answer"),
        "",
        "scan-eye",
        (_APPROVE, Ask("reason", "long", _("Reason"))),
    ),
    StepForm(
        "callback",
        _("Call back"),
        _("also when nothing has come of it"),
        "phone",
        (
            Ask("reached", "yes_no", _("Reached?"), is_needed=True),
            Ask("solved", "yes_no", _("Solved?")),
            Ask("satisfied", "number", _("Satisfied, 1 to 5")),
            _NOTE,
        ),
    ),
    StepForm(
        "return",
        _("Return"),
        _("say which duty is not yours"),
        "undo-2",
        (_REASON,),
    ),
    StepForm("rule_return", _("Rule on the return"), "", "gavel", (_APPROVE, _REASON)),
    StepForm(
        "reassign",
        _("Reassign"),
        _("the limit stays"),
        "forward",
        (_DEPARTMENT, _REASON),
    ),
    StepForm(
        "co_handle",
        _("Add departments"),
        _("they handle it together"),
        "users",
        (Ask("departments", "departments", _("Departments"), is_needed=True),),
    ),
    StepForm(
        "extend",
        _("Ask for more time"),
        _("once, at most 10 working days"),
        "calendar-plus",
        (Ask("working_days", "number", _("Working days"), is_needed=True), _REASON),
    ),
    StepForm("rule_extension", _("Rule on the extension"), "", "gavel", (_APPROVE, _REASON)),
    StepForm(
        "suspend",
        _("Suspend"),
        _("the clock stops"),
        "pause",
        (_REASON, Ask("until", "date", _("Until"), is_needed=True)),
    ),
    StepForm("resume", _("Resume"), _("with the time that was left"), "play"),
    StepForm("chase", _("Chase"), _("the department is told"), "bell-ring", (_NEEDED_NOTE,)),
    StepForm(
        "supervise",
        _("Supervise"),
        _("say what is asked for, and by when"),
        "triangle-alert",
        (_NEEDED_NOTE,),
    ),
    StepForm(
        "note",
        _("Add a note"),
        _("citizens do not see it"),
        "notebook-pen",
        (Ask("note", "long", _("Note"), is_needed=True),),
    ),
    StepForm(
        "merge",
        _("Merge into another case"),
        _("the number stays"),
        "git-merge",
        (Ask("into", "text", _("Number of the other case"), is_needed=True),),
    ),
    StepForm("unmerge", _("Take out of the merge"), "", "split"),
    StepForm(
        "transfer",
        _("Transfer to another hotline"),
        "",
        "arrow-right-left",
        (Ask("hotline", "hotline", _("Hotline"), is_needed=True), _REASON, _WITH_TALK),
    ),
    StepForm(
        "close",
        pgettext_lazy("step", "Close"),
        _("answered at once, or called back"),
        "circle-check",
        (Ask("note", "long", _("What became of it"), is_needed=True),),
    ),
    StepForm("redo", _("Do it again"), "", "rotate-ccw", (_REASON,)),
)

FORMS: Mapping[str, StepForm] = {form.name: form for form in _FORMS}


def step_forms(case: Case, user: User, at: datetime, calendar: Calendar) -> list[StepForm]:
    """The forms of the steps that this user may take at a moment, the commonest first."""
    legal = set(legal_steps(case, user, at, calendar))
    forms = [form for form in _FORMS if form.name in legal]
    if "transfer" in legal and not talk_can_go(case, user):
        forms = [_without(form, _WITH_TALK) for form in forms]
    return forms


def _without(form: StepForm, left_out: Ask) -> StepForm:
    return replace(form, asks=tuple(ask for ask in form.asks if ask is not left_out))


def body_of(step: str, posted: QueryDict) -> dict[str, Any]:
    """What was filled in, as `steps.take` reads it. What is empty is left out."""
    form = FORMS.get(step)
    body: dict[str, Any] = {}
    for ask in form.asks if form else ():
        raw = posted.get(ask.name, "").strip()
        if ask.kind == "departments":
            body[ask.name] = [name for name in posted.getlist(ask.name) if name]
        elif not raw:
            continue
        elif ask.kind == "check":
            body[ask.name] = True
        elif ask.kind == "yes_no":
            body[ask.name] = raw == "yes"
        elif ask.kind == "number":
            body[ask.name] = int(raw) if raw.isdecimal() else raw
        else:
            body[ask.name] = raw
    return body


def missing(step: str, body: dict[str, Any]) -> list[str]:
    """Labels of what the step needs and nobody filled in."""
    form = FORMS.get(step)
    empty: tuple[object, ...] = (None, "", [])
    return [
        str(ask.label)
        for ask in (form.asks if form else ())
        if ask.is_needed and body.get(ask.name) in empty
    ]
