"""What a citizen does on the page of their case: chase it once a day, add words, say it is over.

Steps of the table, taken as theirs. Nothing closes by itself: the line reads what they say.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from desk.cases.actors import CITIZEN_ROLE, Actor
from desk.cases.errors import BadBody, IllegalStep
from desk.cases.models import Case, CaseEvent
from desk.cases.steps import take
from desk.telling.links import Opened
from desk.telling.standing import MAY_PUSH

LONGEST = 1000  # characters of what is added
NOTES_A_DAY = 10
_SOLVED, _NO_LONGER = "solved", "no_longer"


class NotNow(Exception):
    """It cannot be done now; the message is for the citizen."""


def push(page: Opened, at: datetime) -> Case:
    """Raises `NotNow`, also for a second one on a day."""
    if page.case.state not in MAY_PUSH:
        raise NotNow(_("It is not with a department now, so there is nobody to chase."))
    if pushed_on(page, at):
        raise NotNow(_("It was chased for you today already. You can chase again tomorrow."))
    return _take(page, "chase", _("The citizen asks how it stands."), at)


def add(page: Opened, words: str, at: datetime) -> Case:
    """Raises `NotNow`."""
    words = words.strip()
    if not words:
        raise NotNow(_("Please write what you want to add."))
    if len(words) > LONGEST:
        raise NotNow(_("Please be brief: at most %d characters.") % LONGEST)
    if len(_own(page, "note").filter(at__date=localtime(at).date())[:NOTES_A_DAY]) >= NOTES_A_DAY:
        raise NotNow(_("You have added much today. Please call the line for more."))
    return _take(page, "note", words, at)


def say_over(page: Opened, how: str, at: datetime) -> Case:
    """`how`: ``solved`` or ``no_longer``. Twice is once. Raises `NotNow`."""
    words = _over_in_words(how)
    if not words:
        raise NotNow(_("Please tap one of the two."))
    if said_over(page) == how:
        return page.case
    return _take(page, "note", words, at)


def said_over(page: Opened) -> str:
    """What the citizen said last of whether it is over; empty when they have not."""
    notes = {_over_in_words(how): how for how in (_SOLVED, _NO_LONGER)}
    last = _own(page, "note").filter(note__in=list(notes)).order_by("-at", "-pk").first()
    return notes[last.note] if last else ""


def over_in(note: str) -> str:
    """Which of the two a note of a citizen is; empty: neither."""
    return next((how for how in (_SOLVED, _NO_LONGER) if note == _over_in_words(how)), "")


def pushed_on(page: Opened, at: datetime) -> CaseEvent | None:
    """The citizen's own push of this day."""
    last = _own(page, "chase").order_by("-at", "-pk").first()
    return last if last and localtime(last.at).date() == localtime(at).date() else None


def pushes_of(page: Opened) -> int:
    return _own(page, "chase").count()


def _over_in_words(how: str) -> str:
    if how == _SOLVED:
        return _("The citizen says on their page that it is solved.")
    return _("The citizen says on their page that it need not go on.") if how == _NO_LONGER else ""


def _own(page: Opened, kind: str) -> QuerySet[CaseEvent]:
    return CaseEvent.objects.filter(case=page.case, kind=kind, data__citizen=page.citizen.pk)


def _take(page: Opened, step: str, words: str, at: datetime) -> Case:
    citizen = Actor("citizen", CITIZEN_ROLE, citizen=page.citizen.pk)
    try:
        return take(page.case.number, step, citizen, {"note": words}, at=at)
    except (IllegalStep, BadBody) as error:
        raise NotNow(_("Your case has moved on meanwhile, so this was not noted.")) from error
