"""Where a case stands for its department: what has been answered is not late any more."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from desk.cases.models import Case, State
from desk.pages.times import Badge, due

_ANSWERED = (State.ANSWERED, State.REVIEWED, State.CALLED_BACK)


def badge(case: Case, now: datetime, units: int = 1) -> Badge:
    if case.state == State.SUSPENDED:
        return Badge("", _("the clock is stopped"))
    if case.state in _ANSWERED:
        return Badge("ok", case.get_state_display())
    return due(case, now, units)
