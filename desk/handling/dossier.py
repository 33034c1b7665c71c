"""A case as its department reads it: the matter and the clock, and of people no more than it needs.

Contacts are masked, a confidential report never says who told it, what colleagues of the line note
for each other and the talk itself are not in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.cases.actors import Actor
from desk.cases.fields import time_in_words
from desk.cases.history import Happening, happenings
from desk.cases.models import UNANSWERED, Case, CaseEvent
from desk.handling.offers import Offer, Refused, offers, refused
from desk.handling.standing import badge
from desk.handling.ways import Way
from desk.pages.times import Badge
from desk.people.models import Role
from desk.supervision.models import Letter
from desk.workdays.calendar import current
from intake.privacy import mask_name, mask_phone

EVENTS = 100
LETTERS = 20
SAME_PLACE = 5
# Of the line for itself: not the department's.
_INSIDE = ("note", "told_citizen", "changed", "callback_due", "transfer", "merge", "unmerge")
_RULINGS = frozenset({"review", "rule_return", "rule_extension", "redo"})
_OURS = frozenset({"answer", "return", "extend"})
_RULED = {
    ("review", True): gettext_lazy("The line accepted the answer"),
    ("review", False): gettext_lazy("The line did not accept the answer"),
    ("rule_return", True): gettext_lazy("The line took the case back"),
    ("rule_return", False): gettext_lazy("The line did not agree to the return"),
    ("rule_extension", True): gettext_lazy("More time was granted"),
    ("rule_extension", False): gettext_lazy("No more time was granted"),
    ("redo", None): gettext_lazy("To be done again"),
}


@dataclass(frozen=True)
class Proof:
    """A file with the answer, with its address on this page."""

    pk: int
    name: str
    kind: str
    size: int
    at: datetime
    address: str


@dataclass(frozen=True)
class Other:
    number: str
    address: str  # empty: not behind this link


@dataclass(frozen=True)
class Step:
    """A step that can be taken now, with where its form goes."""

    offer: Offer
    address: str

    @property
    def is_open(self) -> bool:
        """The next step and the answer stand there to be filled in; the others fold out."""
        return self.offer.is_first or self.offer.takes_files


@dataclass(frozen=True)
class Dossier:
    case: Case
    badge: Badge
    is_lead: bool
    time: str
    who: str  # masked; empty: nobody said, or nobody is told
    happenings: list[Happening]
    ruling: Happening | None  # of the line, that the department should read first
    answer: Happening | None
    files: list[Proof]
    letters: list[Letter]
    same_place: list[Other]
    steps: list[Step]
    refused: list[Refused]


def dossier(
    case: Case,
    actor: Actor,
    way: Way,
    now: datetime,
    *,
    step: str = "",
    typed: Mapping[str, str] | None = None,
) -> Dossier:
    """`actor` is of a department that may read the case. A few queries, however long it has been.

    `step` and `typed`: what was filled in when that step was refused.
    """
    assert actor.department is not None
    events = list(
        CaseEvent.objects.filter(case=case)
        .exclude(kind__in=_INSIDE)
        .select_related("user")
        .order_by("-at", "-id")[:EVENTS]
    )
    calendar = current()
    steps = offers(case, actor, now, calendar, step, typed)
    return Dossier(
        case=case,
        badge=badge(case, now, units=2),
        is_lead=case.department_id == actor.department,
        time=time_in_words(case.occurred_at) if case.occurred_at else "",
        who=_who(case),
        happenings=[_told(event) for event in events],
        ruling=_ruling(events),
        answer=next((_told(event) for event in events if event.kind == "answer"), None),
        files=[
            Proof(one.pk, one.name, one.kind, one.size, one.at, way.file(case.number, one.pk))
            for one in case.files.order_by("pk")
        ],
        letters=list(
            case.letters.filter(department=actor.department).order_by("-at", "-id")[:LETTERS]
        ),
        same_place=_same_place(case, actor.department, way),
        steps=[Step(one, way.step(case.number, one.name)) for one in steps],
        refused=refused(case, actor, now, calendar),
    )


def _who(case: Case) -> str:
    if case.confidential:
        return ""
    parts = [mask_name(case.contact_name)] if case.contact_name else []
    if case.contact_phone:
        parts.append(mask_phone(case.contact_phone))
    return " · ".join(parts)


def _told(event: CaseEvent) -> Happening:
    """Colleagues of the line are the line; who of a department did something stands there."""
    happening = happenings([event])[0]
    is_of_line = event.user is not None and event.user.role != Role.HANDLER
    return Happening(
        label=_RULED.get((event.kind, event.data.get("approve")), happening.label),
        mood=happening.mood,
        by=_("The line") if is_of_line else happening.by,
        at=happening.at,
        note=happening.note,
    )


def _ruling(events: list[CaseEvent]) -> Happening | None:
    """The line's last word on what the department did, as long as it did nothing since."""
    newest = next((event for event in events if event.kind in _RULINGS | _OURS), None)
    if newest is None or newest.kind in _OURS:
        return None
    if newest.kind in {"review", "rule_return"} and newest.data.get("approve"):
        return None
    return _told(newest)


def _same_place(case: Case, department: int, way: Way) -> list[Other]:
    if not case.place:
        return []
    rows = Case.objects.filter(department=department, place=case.place, state__in=UNANSWERED)
    numbers = rows.exclude(pk=case.pk).order_by("due_at", "pk").values_list("number", flat=True)
    return [Other(number, way.case(number)) for number in numbers[:SAME_PLACE]]
