"""Why something was not done, in words for the person who tried."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from desk.reviewing.errors import NotDone, Problem

IN_WORDS = {
    Problem.NOT_YOURS: _("This review is not yours to change."),
    Problem.OWN_TALK: _("You spoke in this talk yourself. Another supervisor has to score it."),
    Problem.NOT_NOW: _("This is not possible any more: the review stands elsewhere by now."),
    Problem.CHANGED: _(
        "A colleague has changed this score meanwhile. Compare it with yours, then keep it again."
    ),
    Problem.INCOMPLETE: _("Every criterion needs its points."),
    Problem.NO_REASON: _("A reason is needed, so that the other one can follow it."),
    Problem.TOO_LONG: _("This is too long: at most 2000 characters."),
    Problem.TOO_LATE: _("The seven days to answer back are over."),
    Problem.ANSWERED: _("You have answered back already; that can be done once."),
    Problem.FUTURE: _("This month has not begun yet."),
}


def in_words(error: NotDone) -> str:
    return str(IN_WORDS[error.problem])
