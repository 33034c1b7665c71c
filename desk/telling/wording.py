"""What a citizen is told of a step: the fact first, then what comes next. Never who else, and
never what a colleague noted for colleagues.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from desk.cases.ladder import acts
from desk.cases.models import Case, CaseEvent
from desk.pages.times import until
from desk.workdays.calendar import Calendar
from intake.numbers_of_people import personal_numbers
from intake.privacy import PLACEHOLDER

SHOWN_WORDS = 20  # of the matter, in a template message

# At most five characters each: what WeChat lets stand in a field of the type `phrase`.
STAGES = {
    "dispatch": pgettext_lazy("stage", "sent out"),
    "reassign": pgettext_lazy("stage", "elsewhere"),
    "review": pgettext_lazy("stage", "answer came"),
    "rule_extension": pgettext_lazy("stage", "more time"),
    "suspend": pgettext_lazy("stage", "on hold"),
    "resume": pgettext_lazy("stage", "goes on"),
    "transfer": pgettext_lazy("stage", "other line"),
    "merge": pgettext_lazy("stage", "joined"),
    "unmerge": pgettext_lazy("stage", "by itself again"),
    "close": pgettext_lazy("stage", "finished"),
    "redo": pgettext_lazy("stage", "once more"),
    "second_chase": pgettext_lazy("stage", "chased"),
    "supervision": pgettext_lazy("stage", "supervised"),
    "supervise": pgettext_lazy("stage", "supervised"),
}
CHASES = frozenset({"second_chase", "supervision", "supervise"})  # one of them a day and case


def words_of(
    case: Case, event: CaseEvent, now: datetime, calendar: Calendar, *, for_owner: bool
) -> str:
    """The sentences for a step; empty when it does not matter to a citizen."""
    if event.kind not in _WORDS or event.data.get("approve") is False:
        return ""
    return _WORDS[event.kind](_Told(case, event, now, calendar, for_owner))


class _Told:
    def __init__(
        self, case: Case, event: CaseEvent, now: datetime, calendar: Calendar, for_owner: bool
    ) -> None:
        self.case, self.event, self.now, self.calendar = case, event, now, calendar
        self.for_owner = for_owner
        self.number = case.number
        self.department = case.department.name if case.department else _("the department")

    @property
    def until(self) -> str:
        return until(self.case.due_at, self.now) if self.case.due_at else ""

    def said(self, text: str) -> str:
        """A department's words. To who joined, no numbers of people; of a confidential case none:
        they may tell who reported it."""
        if self.for_owner:
            return text
        return "" if self.case.confidential else without_people(text)


def without_people(text: str) -> str:
    """Without mobile and identity numbers; the department's own telephone stays."""
    pieces = list(text)
    for number in personal_numbers(text):
        if number.kind != "landline":
            pieces[number.start : number.end] = PLACEHOLDER * (number.end - number.start)
    return "".join(pieces)


def day(at: datetime) -> str:
    return date_format(localtime(at), "n月j日")


def _dispatch(told: _Told) -> str:
    return _(
        "Your case %(number)s has gone to %(department)s. "
        "The answer comes by %(until)s at the latest."
    ) % {"number": told.number, "department": told.department, "until": told.until}


def _reassign(told: _Told) -> str:
    return _(
        "Your case %(number)s is with %(department)s now, who are responsible for it. "
        "The limit stays: %(until)s."
    ) % {"number": told.number, "department": told.department, "until": told.until}


def _review(told: _Told) -> str:
    answer = last_answer(told.case)
    department = (answer.data.get("department") if answer else "") or told.department
    opening = _("%(department)s answered your case %(number)s on %(day)s.") % {
        "department": department,
        "number": told.number,
        "day": day(answer.at if answer else told.event.at),
    }
    text = told.said(answer.note) if answer else ""
    asked = _("Tomorrow we ask you whether it is solved.")
    return "\n".join(part for part in (opening, text, asked) if part)


def last_answer(case: Case) -> CaseEvent | None:
    return CaseEvent.objects.filter(case=case, kind="answer").order_by("-at", "-id").first()


def _extension(told: _Told) -> str:
    asked = CaseEvent.objects.filter(case=told.case, kind="extend").order_by("-at", "-id").first()
    values = {
        "number": told.number,
        "department": told.department,
        "days": told.event.data.get("working_days", 0),
        "until": told.until,
    }
    words = _(
        "%(department)s needs %(days)s more working days for your case %(number)s. "
        "The new limit is %(until)s."
    )
    why = told.said(asked.note) if asked else ""
    return words % values + (_("The reason they give: %s") % why if why else "")


def _suspend(told: _Told) -> str:
    moment = told.case.suspended_until
    return _(
        "Your case %(number)s is on hold and goes on by %(until)s at the latest. "
        "We tell you when it does."
    ) % {"number": told.number, "until": until(moment, told.now) if moment else ""}


def _resume(told: _Told) -> str:
    return _("Your case %(number)s goes on. The limit is %(until)s now.") % {
        "number": told.number,
        "until": told.until,
    }


def _transfer(told: _Told) -> str:
    return _("Your case %(number)s is with %(line)s from now on. Its number stays.") % {
        "number": told.number,
        "line": told.case.hotline.name,
    }


def _merge(told: _Told) -> str:
    return _(
        "Your case %(number)s and case %(into)s are about the same thing and are handled together. "
        "Your number stays; how it goes on is told with %(into)s."
    ) % {"number": told.number, "into": told.event.data.get("into", "")}


def _unmerge(told: _Told) -> str:
    return _("Your case %(number)s is handled by itself again. Its number stays.") % {
        "number": told.number
    }


def _close(told: _Told) -> str:
    return _("Your case %(number)s is finished. If it comes back, write to us here.") % {
        "number": told.number
    }


def _redo(told: _Told) -> str:
    return _("Your case %(number)s is not solved: it went back to %(department)s.") % {
        "number": told.number,
        "department": told.department,
    }


def _second_chase(told: _Told) -> str:
    listed = [act for act in acts(told.case, told.calendar) if act.kind == "supervision"]
    words = _(
        "Your case %(number)s is late, we are sorry. We have chased %(department)s again, "
        "with a copy to their leader."
    ) % {"number": told.number, "department": told.department}
    if not listed:
        return words
    return words + _("Without an outcome it goes under supervision on %s.") % day(listed[0].at)


def _supervision(told: _Told) -> str:
    return _(
        "Your case %(number)s is under supervision: the leader of %(department)s has to say when "
        "it will be done. We tell you as soon as there is something new."
    ) % {"number": told.number, "department": told.department}


_WORDS: dict[str, Callable[[_Told], str]] = {
    "dispatch": _dispatch,
    "reassign": _reassign,
    "review": _review,
    "rule_extension": _extension,
    "suspend": _suspend,
    "resume": _resume,
    "transfer": _transfer,
    "merge": _merge,
    "unmerge": _unmerge,
    "close": _close,
    "redo": _redo,
    "second_chase": _second_chase,
    "supervision": _supervision,
    "supervise": _supervision,
}
MATTERS = frozenset(_WORDS)
