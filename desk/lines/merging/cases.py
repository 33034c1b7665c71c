"""Open cases are transferred with their clock, each with its line in the history. Closed and merged
ones keep the code of the line that closed them; the other line's people find and read them.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.cases.actors import Actor
from desk.cases.models import OPEN_STATES, Case, State
from desk.cases.steps.step import Taking
from desk.cases.steps.taking import carry_out, locked
from desk.lines.merging.kinds import BATCH, EXAMPLES, Findings, Kind, Lines
from desk.workdays.calendar import current

MERGED = "merged"  # begins the key of such an event: nobody has to take the case over


def look(lines: Lines) -> Findings:
    rows = still_there(lines)
    states = dict(State.choices)
    by_state = rows.order_by("state").values_list("state").annotate(n=Count("pk"))
    closed = Case.objects.filter(hotline=lines.source).exclude(state__in=OPEN_STATES)
    return Findings(
        count=rows.count(),
        parts=[
            *((str(states[State(state)]), number) for state, number in by_state),
            (_("closed or merged: they stay as history"), closed.count()),
        ],
        examples=list(rows.order_by("pk").values_list("number", flat=True)[:EXAMPLES]),
    )


def move(lines: Lines, actor: Actor, at: datetime) -> int:
    numbers = list(still_there(lines).order_by("pk").values_list("number", flat=True)[:BATCH])
    calendar = current()
    for number in numbers:
        case = locked(number)
        if not case.is_open or case.hotline_id != lines.source.pk:
            continue
        body = {
            "hotline": lines.into.pk,
            "reason": _("%(line)s was merged into %(into)s.")
            % {"line": lines.source, "into": lines.into},
        }
        key = f"{MERGED} {lines.source.pk}"
        carry_out(Taking(case, actor, at, calendar), "transfer", body, key)
    return len(numbers)


def still_there(lines: Lines) -> QuerySet[Case]:
    return Case.objects.filter(hotline=lines.source, state__in=OPEN_STATES)


KIND = Kind("cases", gettext_lazy("Open cases"), look, move)
