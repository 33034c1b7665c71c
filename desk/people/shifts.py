"""Who is on shift: whom the plan names and who is at the desk. A hotline without any plan counts
whoever is at the desk.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from desk.people.models import (
    PRESENT_FOR,
    Duty,
    HotlineRule,
    Role,
    ShiftLength,
    ShiftPlan,
    User,
)
from desk.people.rights import Right, staff_for

DAY_BEGINS = time(8)
LOOKS_AHEAD = 8  # days


@dataclass(frozen=True)
class Shift:
    """One of a day's shifts; the last one ends on the next morning."""

    number: int
    begins: datetime
    ends: datetime

    @property
    def name(self) -> str:
        hours = (self.ends - self.begins) // timedelta(hours=1)
        if hours == ShiftLength.TWELVE:
            return _("Day shift") if self.number == 0 else _("Night shift of 12 hours")
        return (_("Early shift"), _("Late shift"), _("Night shift"))[self.number]

    @property
    def hours(self) -> str:
        begins, ends = localtime(self.begins), localtime(self.ends)
        end = "24:00" if ends.time() == time() else f"{ends:%H:%M}"
        return f"{begins:%H:%M}–{end}"


def rule_of(hotline: str) -> HotlineRule:
    """The hotline's rule; the defaults when nobody has set one."""
    found = HotlineRule.objects.filter(pk=hotline).first()
    return found or HotlineRule(hotline_id=hotline)


def shifts_of(day: date, hours: int) -> list[Shift]:
    begins = datetime.combine(day, DAY_BEGINS, timezone.get_default_timezone())
    length = timedelta(hours=hours)
    return [
        Shift(number, begins + number * length, begins + (number + 1) * length)
        for number in range(24 // hours)
    ]


def has_plan(hotline: str) -> bool:
    return ShiftPlan.objects.filter(hotline=hotline).exists()


def planned(hotline: str, now: datetime) -> set[int]:
    """The users whom the plan names for this moment."""
    today = localtime(now).date()
    hours = rule_of(hotline).shift_hours
    days = [today - timedelta(days=1), today]
    duties = _duties(hotline, days)
    return {
        user
        for day in days
        for shift in shifts_of(day, hours)
        if shift.begins <= now < shift.ends
        for user in duties[day].get(shift.number, ())
    }


def on_shift(hotline: str, now: datetime) -> QuerySet[User]:
    """Who may talk for the hotline, is planned for now, and is at the desk."""
    present = staff_for(hotline, Right.TALK).filter(seen_at__gt=now - PRESENT_FOR)
    return present.filter(pk__in=planned(hotline, now)) if has_plan(hotline) else present


def someone_on_shift(hotline: str, now: datetime | None = None) -> bool:
    return on_shift(hotline, now or timezone.now()).exists()


def next_shift(hotline: str, now: datetime) -> datetime | None:
    """When the next shift with somebody on it begins; None: the plan names none."""
    today = localtime(now).date()
    hours = rule_of(hotline).shift_hours
    days = [today + timedelta(days=number) for number in range(-1, LOOKS_AHEAD)]
    duties = _duties(hotline, days)
    for day in days:
        for shift in shifts_of(day, hours):
            if shift.begins > now and duties[day].get(shift.number):
                return shift.begins
    return None


def next_shift_in_words(hotline: str, now: datetime | None = None) -> str:
    """“明早 8:00 有人值班。”, or nothing when no plan says so."""
    now = now or timezone.now()
    at = next_shift(hotline, now)
    if at is None:
        return ""
    return _("Somebody is on shift %(when)s.") % {"when": _when(localtime(at), localtime(now))}


def agents_of(hotline: str) -> QuerySet[User]:
    """Whom a plan can name."""
    return staff_for(hotline, Right.TALK).exclude(role=Role.ADMIN).order_by("username")


def _when(at: datetime, now: datetime) -> str:
    clock = {"time": f"{at.hour}:{at.minute:02d}"}
    days = (at.date() - now.date()).days
    if days == 0:
        return (_("tonight at %(time)s") if at.hour >= 18 else _("today at %(time)s")) % clock
    if days == 1:
        words = _("tomorrow morning at %(time)s") if at.hour < 12 else _("tomorrow at %(time)s")
        return words % clock
    return _("on %(month)s/%(day)s at %(time)s") % (
        clock | {"month": str(at.month), "day": str(at.day)}
    )


def _duties(hotline: str, days: Iterable[date]) -> dict[date, dict[int, set[int]]]:
    """By day and shift; a day with a plan of its own does not follow the standing one."""
    asked = list(days)
    plans = list(ShiftPlan.objects.filter(hotline=hotline, day__in=asked)) + list(
        ShiftPlan.objects.filter(hotline=hotline, day__isnull=True)
    )
    of_plan: dict[int, dict[int, set[int]]] = {plan.pk: {} for plan in plans}
    for plan, shift, user in Duty.objects.filter(plan__in=plans).values_list(
        "plan_id", "shift", "user_id"
    ):
        of_plan[plan].setdefault(shift, set()).add(user)
    by_day = {plan.day: of_plan[plan.pk] for plan in plans}
    standing = by_day.get(None, {})
    return {day: by_day.get(day, standing) for day in asked}
