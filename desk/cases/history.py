"""The history of a case as its page shows it: the track of states, and all that happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from desk.cases.models import Case, CaseEvent, State
from desk.cases.moves import in_codes
from desk.cases.step_forms import FORMS

# Where the track stops, and the step whose event says when it was passed.
_STATIONS = (
    (State.ACCEPTED, "accepted", pgettext_lazy("station", "Accept")),
    (State.DISPATCHED, "dispatch", pgettext_lazy("station", "Dispatch")),
    (State.SIGNED, "sign", pgettext_lazy("station", "Sign")),
    (State.HANDLING, "handle", pgettext_lazy("station", "Handle")),
    (State.ANSWERED, "answer", pgettext_lazy("station", "Answer")),
    (State.REVIEWED, "review", pgettext_lazy("station", "Review")),
    (State.CALLED_BACK, "callback", pgettext_lazy("station", "Call back")),
    (State.CLOSED, "close", pgettext_lazy("station", "Close")),
)
# States beside the track stand where their case stood before.
_BESIDE = {
    State.RETURN_ASKED: State.DISPATCHED,
    State.SUSPENDED: State.HANDLING,
    State.MERGED: State.ACCEPTED,
}

EVENTS = {
    "accepted": pgettext_lazy("event", "Accepted"),
    "reminder": pgettext_lazy("event", "Reminder before the limit"),
    "first_chase": pgettext_lazy("event", "First chase, copy to the leader"),
    "second_chase": pgettext_lazy("event", "Second chase"),
    "supervision": pgettext_lazy("event", "On the supervision list"),
    "callback_due": pgettext_lazy("event", "A call back is due"),
    "joined": pgettext_lazy("event", "Another report of the same"),
    "told_citizen": pgettext_lazy("event", "The citizen was told"),
    "changed": pgettext_lazy("event", "A field was set by a person"),
}
_PUSHES = {"chase", "reminder", "first_chase", "second_chase", "callback_due"}
_ORDERS = {"supervise", "supervision"}
_REMARKS = {"note", "joined", "told_citizen", "changed"}

_ACTORS = {
    "citizen": gettext_lazy("Citizen"),
    "bot": gettext_lazy("Bot"),
    "system": gettext_lazy("by itself"),
}


@dataclass(frozen=True)
class Station:
    label: str | Promise
    stand: str  # done | passed (without its step) | now | "": classes of the style sheet
    at: datetime | None
    is_beside: bool = False  # the case is in a state beside the track


@dataclass(frozen=True)
class Happening:
    label: str | Promise
    mood: str  # step | chase | order | "": classes of the style sheet
    by: str
    at: datetime
    note: str
    way: str = ""  # of a transfer: from which line to which


def track(case: Case, events: Sequence[CaseEvent]) -> list[Station]:
    times: dict[str, datetime] = {}
    for event in events:
        times[event.kind] = event.at
    state = _BESIDE.get(State(case.state), State(case.state))
    here = [station for station, _kind, _label in _STATIONS].index(state)
    stations = []
    for number, (_station, kind, label) in enumerate(_STATIONS):
        at = times.get(kind) if number <= here else None
        if number == here and case.state != State.CLOSED:
            stand = "now"
        elif number <= here:
            stand = "done" if at else "passed"
        else:
            stand = ""
        stations.append(Station(label, stand, at, is_beside=State(case.state) in _BESIDE))
    return stations


def happenings(events: Sequence[CaseEvent]) -> list[Happening]:
    """Newest first. The events' users should be prefetched."""
    return [
        Happening(
            label=label_of(event.kind),
            mood=_mood(event.kind),
            by=who_did(event),
            at=event.at,
            note=event.note,
            way=" → ".join(in_codes(event)) if event.kind == "transfer" else "",
        )
        for event in sorted(events, key=lambda event: (event.at, event.pk), reverse=True)
    ]


def label_of(kind: str) -> str | Promise:
    if kind in EVENTS:
        return EVENTS[kind]
    return FORMS[kind].label if kind in FORMS else kind


def _mood(kind: str) -> str:
    if kind in _ORDERS:
        return "order"
    if kind in _PUSHES:
        return "chase"
    return "" if kind in _REMARKS else "step"


def who_did(event: CaseEvent) -> str:
    if event.user:
        return str(event.user)
    return str(_ACTORS.get(event.by, event.by)) or _("A colleague")
