"""Who is on which shift: added to the other line's plan, so that nobody planned is forgotten.

A line without any plan counts whoever is at the desk. If the other line is such a one, a plan that
names only the newcomers would send its own people home: then nothing is added. Days that are over
stay as history.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.cases.actors import Actor
from desk.cases.moments import SHANGHAI
from desk.lines.merging.kinds import EXAMPLES, Findings, Kind, Lines
from desk.people.models import Duty, Hotline, ShiftPlan
from desk.people.shifts import has_plan, rule_of, shifts_of

type Duties = set[tuple[int, int]]  # shift, user


def look(lines: Lines) -> Findings:
    plans = list(_to_come(lines.source, _today()))
    found = Findings(
        count=len(plans),
        examples=[_day_in_words(plan.day) for plan in plans[:EXAMPLES]],
        kept=[_in_words(plan) for plan in plans],
    )
    if not plans:
        return found
    if not has_plan(lines.into.pk):
        found.to_do.append(
            _("%s has no shift plan: whoever is at the desk is on shift there, and stays so.")
            % lines.into
        )
    elif not _have_same_shifts(lines):
        found.to_do.append(
            _("The shifts differ: everybody is planned for those that overlap. Please look at it.")
        )
    return found


def move(lines: Lines, _actor: Actor, at: datetime) -> int:
    """All at once: a week's plan is small."""
    today = localdate(at, timezone=SHANGHAI)
    Hotline.objects.select_for_update().get(pk=lines.into.pk)  # a supervisor plans as well
    plans = list(_to_come(lines.source, today))
    if not plans:
        return 0
    if has_plan(lines.into.pk):
        _add(lines, today)
    ShiftPlan.objects.filter(pk__in=[plan.pk for plan in plans]).delete()
    return len(plans)


def _add(lines: Lines, today: date) -> None:
    ours, theirs = _by_day(lines.source, today), _by_day(lines.into, today)
    for day in {*ours, *theirs}:
        coming = ours.get(day, ours.get(None, set()))
        # A day's own plan takes the place of the standing one, of which it begins as a copy.
        there = theirs.get(day, theirs.get(None, set()))
        wanted = there | _as_shifts_of(lines, coming)
        if day not in theirs and day is not None and wanted == theirs.get(None):
            continue
        plan, _is_new = ShiftPlan.objects.get_or_create(hotline=lines.into, day=day)
        have = theirs.get(day, set())
        Duty.objects.bulk_create(
            Duty(plan=plan, shift=shift, user_id=user) for shift, user in sorted(wanted - have)
        )


def _by_day(line: Hotline, today: date) -> dict[date | None, Duties]:
    plans = _to_come(line, today)
    return {plan.day: {(duty.shift, duty.user_id) for duty in plan.duties.all()} for plan in plans}


def _to_come(line: Hotline, today: date) -> Iterable[ShiftPlan]:
    rows = ShiftPlan.objects.filter(hotline=line).exclude(day__lt=today)
    return rows.prefetch_related("duties__user").order_by("day")


def _as_shifts_of(lines: Lines, duties: Duties) -> Duties:
    if _have_same_shifts(lines):
        return set(duties)
    day = _today()
    ours = shifts_of(day, rule_of(lines.source.pk).shift_hours)
    theirs = shifts_of(day, rule_of(lines.into.pk).shift_hours)
    return {
        (one.number, user)
        for shift, user in duties
        if shift < len(ours)
        for one in theirs
        if one.begins < ours[shift].ends and ours[shift].begins < one.ends
    }


def _have_same_shifts(lines: Lines) -> bool:
    return rule_of(lines.source.pk).shift_hours == rule_of(lines.into.pk).shift_hours


def _today() -> date:
    return localdate(timezone=SHANGHAI)


def _day_in_words(day: date | None) -> str:
    return day.isoformat() if day else _("every day")


def _in_words(plan: ShiftPlan) -> str:
    people = sorted((duty.shift, duty.user.username) for duty in plan.duties.all())
    return f"{_day_in_words(plan.day)}: " + ", ".join(f"{shift} {name}" for shift, name in people)


KIND = Kind("shifts", gettext_lazy("Shift plans from today on"), look, move)
