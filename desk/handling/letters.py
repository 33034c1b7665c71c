"""A letter as its department reads it: the words, and of its cases those that it still has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desk.cases.models import Case, State
from desk.handling.standing import badge
from desk.handling.ways import Way
from desk.pages.times import Badge
from desk.supervision.models import Letter, LetterKind
from desk.supervision.wording import about, words

MOST = 500


@dataclass(frozen=True)
class Row:
    number: str
    about: str
    badge: Badge
    address: str


@dataclass(frozen=True)
class Said:
    subject: str
    opening: str
    asked: str
    added: str
    rows: list[Row]
    gone: int  # cases that are with others now


def cases_behind(letter: Letter) -> list[Case]:
    """The cases of a letter that its department handles or helps with still."""
    rows = letter.cases.exclude(state__in=[State.ACCEPTED, State.MERGED]).prefetch_related(
        "co_departments"
    )
    return [
        case
        for case in rows.order_by("due_at", "pk")[:MOST]
        if case.department_id == letter.department_id
        or letter.department_id in {one.pk for one in case.co_departments.all()}
    ]


def read_letter(letter: Letter, way: Way, now: datetime) -> Said:
    cases = cases_behind(letter)
    said = words(letter.department, LetterKind(letter.kind), cases, now, letter.text)
    return Said(
        subject=said.subject,
        opening=said.opening,
        asked=said.asked,
        added=said.added,
        rows=[
            Row(case.number, about(case), badge(case, now), way.case(case.number)) for case in cases
        ],
        gone=letter.cases.count() - len(cases),
    )
