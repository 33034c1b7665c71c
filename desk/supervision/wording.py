"""The words of a letter to a department: at the line before it goes, at the department's desk, and
in the mail.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.cases.models import Case
from desk.pages.times import due, until
from desk.people.models import Department
from desk.supervision.models import LetterKind
from intake.privacy import mask_for_screen


@dataclass(frozen=True)
class Line:
    case: Case
    about: str
    stand: str  # late by 2 days, third push


@dataclass(frozen=True)
class Words:
    subject: str
    opening: str
    lines: list[Line]
    asked: str
    added: str


def words(
    department: Department,
    kind: LetterKind,
    cases: Sequence[Case],
    now: datetime,
    added: str = "",
) -> Words:
    """What the letter says; one for all the cases."""
    count = len(cases)
    opening, asked = _said(kind, count)
    return Words(
        subject=_("%(kind)s: %(count)d cases of %(department)s")
        % {"kind": kind.label, "count": count, "department": department.name},
        opening=opening,
        lines=[Line(case, about(case), stand(case, now)) for case in cases],
        asked=asked,
        added=added,
    )


def about(case: Case) -> str:
    said = mask_for_screen(case.content)
    said = said if len(said) <= 40 else f"{said[:39]}…"
    return _("%(what)s (%(place)s)") % {"what": said, "place": case.place} if case.place else said


def stand(case: Case, now: datetime) -> str:
    parts = [due(case, now).words]
    if case.due_at and case.due_at >= now:
        parts.append(_("until %s") % until(case.due_at, now))
    pushed = case.chases + case.pushes
    if pushed:
        parts.append(ngettext("pushed %d time", "pushed %d times", pushed) % pushed)
    if case.responded_at is None:
        parts.append(_("not signed for"))
    return "，".join(parts)


def _said(kind: LetterKind, count: int) -> tuple[str, str]:
    late = _("The limit of these %d cases has passed.") % count
    answer = _(
        "Please answer the citizens and fill in the outcome. Where it cannot be done, write why, "
        "and by which day it will be."
    )
    return {
        LetterKind.DISPATCH: (
            _("%d new cases have been dispatched to you.") % count,
            _("Please sign for them. What is not yours goes back within 2 working days."),
        ),
        LetterKind.REMINDER: (
            _("The limit of these %d cases is near.") % count,
            _("Please answer before it. Who needs more time asks for it before the limit."),
        ),
        LetterKind.FIRST_CHASE: (late, answer),
        LetterKind.SECOND_CHASE: (
            late + _("They have been chased before, and no answer has come."),
            answer,
        ),
        LetterKind.SUPERVISION: (
            _("These %d cases are on the supervision list from today.") % count,
            _("The leader in charge is asked to say when they will be done."),
        ),
        LetterKind.CHASE: (_("The hotline asks how these %d cases stand.") % count, answer),
    }[kind]
