"""The steps of a case in its citizen's words: what happened and when, never who, and never what
colleagues noted for each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from desk.cases.models import OPEN_STATES, UNANSWERED, Case, CaseEvent, State
from desk.telling.by_citizens import over_in
from desk.telling.wording import CHASES, day, without_people

SHOWN = 40


@dataclass(frozen=True)
class Step:
    label: str
    mood: str  # step | chase | order | next | "": classes of the style sheet
    at: datetime | None = None
    words: str = ""


def steps_of(case: Case, citizen: int) -> list[Step]:
    """The latest first; above them what comes next."""
    events = list(CaseEvent.objects.filter(case=case).order_by("at", "id"))
    view = _View(case, citizen, events)
    happened = [step for event in events if (step := view.step(event))]
    return [*_next(case), *happened[::-1][:SHOWN]]


class _View:
    def __init__(self, case: Case, citizen: int, events: list[CaseEvent]) -> None:
        self.case, self.citizen = case, citizen
        self.is_owner = case.citizen_id == citizen
        self.answer: CaseEvent | None = None
        self.answers = {}  # of an accepting review: the answer that it accepted
        for event in events:
            if event.kind == "answer":
                self.answer = event
            elif event.kind == "review" and event.data.get("approve") and self.answer:
                self.answers[event.pk] = self.answer

    def step(self, event: CaseEvent) -> Step | None:
        make = _STEPS.get(event.kind)
        return make(self, event) if make else None

    def quoted(self, text: str) -> str:
        if self.is_owner:
            return text
        return "" if self.case.confidential else without_people(text)


def _is_own(view: _View, event: CaseEvent) -> bool:
    return bool(event.data.get("citizen") == view.citizen)


def _department(view: _View, event: CaseEvent) -> str:
    name = event.data.get("department")
    return name or (view.case.department.name if view.case.department else _("the department"))


def _said(label: Callable[[], str], mood: str = "step") -> Callable[[_View, CaseEvent], Step]:
    return lambda _view, event: Step(label(), mood, event.at)


def _named(label: Callable[[], str], mood: str = "step") -> Callable[[_View, CaseEvent], Step]:
    return lambda view, event: Step(label() % _department(view, event), mood, event.at)


def _review(view: _View, event: CaseEvent) -> Step | None:
    answer = view.answers.get(event.pk)
    if answer is None:
        return None
    words = _("%(department)s answered on %(day)s.") % {
        "department": _department(view, answer),
        "day": day(answer.at),
    }
    quoted = view.quoted(answer.note)
    return Step(_("You were answered"), "step", event.at, "\n".join(filter(None, (words, quoted))))


def _extension(_view: _View, event: CaseEvent) -> Step | None:
    if not event.data.get("approve"):
        return None
    days = event.data.get("working_days", 0)
    return Step(_("The limit was moved by %s working days") % days, "", event.at)


def _chase(view: _View, event: CaseEvent) -> Step:
    if event.by != "citizen":
        return Step(_("We chased it"), "chase", event.at)
    if _is_own(view, event) or (view.is_owner and "citizen" not in event.data):
        return Step(_("You chased it"), "chase", event.at)
    return Step(_("It was chased"), "chase", event.at)


def _note(view: _View, event: CaseEvent) -> Step | None:
    """Only the reader's own: what others add is between them and the line."""
    if event.by != "citizen" or not _is_own(view, event):
        return None
    how = over_in(event.note)
    if how:
        solved = how == "solved"
        said = _("You said that it is solved") if solved else _("You said that it need not go on")
        return Step(said, "", event.at)
    return Step(_("You added"), "", event.at, event.note)


def _callback(view: _View, event: CaseEvent) -> Step | None:
    if not view.is_owner:
        return None
    if not event.data.get("reached"):
        return Step(_("We tried to reach you"), "", event.at)
    solved = event.data.get("solved")
    words = ""
    if solved is not None:
        words = _("You said that it is solved.") if solved else _("You said that it is not solved.")
    return Step(_("We asked you about it"), "step", event.at, words)


def _supervised(view: _View, event: CaseEvent) -> Step:
    words = _("The leader of %s has to say when it will be done.") % _department(view, event)
    return Step(_("It is under supervision"), "order", event.at, words)


def _letter(view: _View, event: CaseEvent) -> Step:
    words = _("With a copy to the leader of %s.") % _department(view, event)
    return Step(_("We sent a letter to chase it"), "chase", event.at, words)


def _merge(_view: _View, event: CaseEvent) -> Step:
    into = event.data.get("into", "")
    return Step(_("It goes on together with case %s") % into, "step", event.at)


_STEPS: dict[str, Callable[[_View, CaseEvent], Step | None]] = {
    "accepted": _said(lambda: _("We have it")),
    "dispatch": _named(lambda: _("It went to %s")),
    "reassign": _named(lambda: _("It went to %s, whose it is")),
    "sign": _named(lambda: _("%s have taken it")),
    "handle": _named(lambda: _("%s are at it")),
    "rule_extension": _extension,
    "suspend": _said(lambda: _("It was put on hold"), ""),
    "resume": _said(lambda: _("It goes on")),
    "review": _review,
    "callback": _callback,
    "close": _said(lambda: _("It was finished")),
    "redo": _named(lambda: _("It went back to %s, not being solved")),
    "chase": _chase,
    "note": _note,
    "first_chase": _letter,
    "second_chase": _letter,
    "supervision": _supervised,
    "supervise": _supervised,
    "merge": _merge,
    "unmerge": _said(lambda: _("It is handled by itself again")),
    "transfer": _said(lambda: _("Another line goes on with it")),
}
assert set(_STEPS) >= CHASES


def _next(case: Case) -> list[Step]:
    if case.state in (State.ACCEPTED, State.SUSPENDED, *UNANSWERED):
        after = _("On the day after the answer we ask you whether it is solved.")
        return [Step(_("The answer to you"), "next", None, after)]
    if case.state in (State.ANSWERED, State.REVIEWED):
        return [Step(_("We ask you whether it is solved"), "next")]
    return [Step(_("It is finished"), "next")] if case.state in OPEN_STATES else []
