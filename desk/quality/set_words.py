"""In words why a question cannot be kept."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from desk.quality.set_editing import Problem

IN_WORDS: Mapping[Problem, str | Promise] = {
    Problem.NO_TEXT: _("The question is missing."),
    Problem.TOO_LONG: _("The question is longer than 200 characters."),
    Problem.NO_HOTLINE: _("There is no such hotline, or it is not one of yours."),
    Problem.NO_ENTRY: _("No entry has this id or this standard question."),
    Problem.UNCLEAR: _("guarded must be 是 or 否."),
    Problem.TWICE: _("This question is in the set of this hotline already."),
    Problem.TOO_MANY: _("The set would have more than 2000 questions; a run would take too long."),
    Problem.CHANGED: _(
        "Somebody changed this question while you were writing. Yours is still in the form: "
        "save it again if it is to replace theirs."
    ),
    Problem.GONE: _("This question has been removed meanwhile."),
}
