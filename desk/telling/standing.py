"""Where a case stands, as a citizen asks for it: the fact first, then what comes next.

Said by the bot and on the case's page alike. An apology when we are late; no colleague's words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.cases.ladder import acts
from desk.cases.models import UNANSWERED, Case, State
from desk.pages.times import span, until
from desk.telling.wording import day, last_answer
from desk.workdays.calendar import Calendar

# While these hold, a push by the citizen has somebody to reach.
MAY_PUSH = frozenset({State.ACCEPTED, *UNANSWERED})


@dataclass(frozen=True)
class Standing:
    lead: str  # a sentence or two
    more: str = ""  # what happened last and what comes next
    is_late: bool = False

    def __str__(self) -> str:
        return f"{self.lead}{self.more}"


def standing_of(
    case: Case, now: datetime, calendar: Calendar, *, for_owner: bool = True
) -> Standing:
    """`for_owner`: to who opened it. What they said when they were called back is theirs alone."""
    state = State(case.state)
    if state == State.CALLED_BACK and not for_owner:
        return Standing(_("It was answered."), _("It is being finished."))
    if state in UNANSWERED:
        return _with_department(case, now, calendar)
    return _BY_STATE[state](case, now)


def _with_department(case: Case, now: datetime, calendar: Calendar) -> Standing:
    department = case.department.name if case.department else _("the department")
    if case.due_at is not None and case.due_at < now:
        lead = _("Not done yet, and %s late. We are sorry.") % span(now - case.due_at)
        return Standing(lead, _late(case, department, calendar), is_late=True)
    limit = until(case.due_at, now) if case.due_at else ""
    if case.state == State.RETURN_ASKED:
        more = _("%s says that it is not theirs to do; we are looking into whose it is.")
        return Standing(_within(limit), more % department)
    if case.state == State.DISPATCHED:
        more = _("It is with %s, who have not signed for it yet.")
        return Standing(_within(limit), more % department)
    return Standing(_within(limit), _("%s is at it.") % department)


def _within(limit: str) -> str:
    if not limit:
        return _("It is being handled.")
    return _("It is being handled; the answer comes by %s at the latest.") % limit


def _late(case: Case, department: str, calendar: Calendar) -> str:
    pushed = case.pushed
    words = _("It is with %s.") % department
    if pushed:
        words += (
            ngettext("They were chased %d time.", "They were chased %d times.", pushed) % pushed
        )
    if case.is_supervised:
        return words + _("It is under supervision: their leader has to say when it will be done.")
    listed = [act for act in acts(case, calendar) if act.kind == "supervision"]
    if not listed:
        return words
    return words + _("Without an outcome by %s it goes under supervision.") % day(listed[0].at)


def _accepted(case: Case, _now: datetime) -> Standing:
    return Standing(
        _("We have it and are looking into whose it is."),
        _("You hear from us here as soon as it has gone out."),
    )


def _suspended(case: Case, now: datetime) -> Standing:
    if case.suspended_until is None:
        return Standing(_("It is on hold."))
    limit = until(case.suspended_until, now)
    return Standing(_("It is on hold, and goes on by %s at the latest.") % limit)


def _answered(case: Case, _now: datetime) -> Standing:
    department = case.department.name if case.department else _("the department")
    return Standing(
        _("%s has answered.") % department,
        _("We are checking the answer before you get it."),
    )


def _reviewed(case: Case, _now: datetime) -> Standing:
    answer = last_answer(case)
    department = case.department.name if case.department else _("the department")
    lead = _("%s has answered you.") % department
    if answer is not None:
        lead = _("%(department)s answered you on %(day)s.") % {
            "department": answer.data.get("department") or department,
            "day": day(answer.at),
        }
    return Standing(lead, _("We still ask you whether it is solved."))


def _called_back(case: Case, _now: datetime) -> Standing:
    last = case.callbacks.order_by("-at", "-pk").first()
    if last is not None and last.solved is False:
        return Standing(_("You told us that it is not solved, and we have noted it."))
    lead = _("It was answered, and we have asked you about it.")
    return Standing(lead, _("It is being finished."))


def _closed(case: Case, _now: datetime) -> Standing:
    lead = _("Finished.")
    if case.closed_at:
        lead = _("It is finished, since %s.") % day(case.closed_at)
    return Standing(lead, _("If it comes back, write to us and we take it up again."))


def _merged(case: Case, _now: datetime) -> Standing:
    if case.merged_into is None:
        return Standing(_("It is handled together with another one."))
    lead = _("It is handled together with case %s, which is about the same.")
    return Standing(lead % case.merged_into.number)


_BY_STATE = {
    State.ACCEPTED: _accepted,
    State.SUSPENDED: _suspended,
    State.ANSWERED: _answered,
    State.REVIEWED: _reviewed,
    State.CALLED_BACK: _called_back,
    State.CLOSED: _closed,
    State.MERGED: _merged,
}
