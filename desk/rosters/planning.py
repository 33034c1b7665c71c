"""Changes of a shift plan (排班). A day follows the standing plan until it has one of its own."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from desk.people.models import Duty, Hotline, ShiftPlan, User
from desk.people.shifts import agents_of, rule_of, shifts_of

WEEK = 7  # days


class CannotPlan(Exception):
    """The plan stays as it was; the message is for the supervisor."""


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def days_of(week: date) -> list[date]:
    """From Monday on."""
    return [monday_of(week) + timedelta(days=number) for number in range(WEEK)]


@transaction.atomic
def put_on(hotline: Hotline, day: date | None, shift: int, user: User) -> None:
    """On that day alone; `day` None: on every day without a plan of its own. Twice is once.

    Raises `CannotPlan`.
    """
    _check(hotline, shift)
    if not agents_of(hotline.pk).filter(pk=user.pk).exists():
        raise CannotPlan(_("%s does not serve this hotline.") % user)
    Duty.objects.get_or_create(plan=_own_plan(hotline, day), shift=shift, user=user)


@transaction.atomic
def take_off(hotline: Hotline, day: date | None, shift: int, user: User) -> None:
    """Raises `CannotPlan`."""
    _check(hotline, shift)
    Duty.objects.filter(plan=_own_plan(hotline, day), shift=shift, user=user).delete()


@transaction.atomic
def copy_week(hotline: Hotline, into: date) -> int:
    """The week before, day by day, instead of what is planned; returns how many days were copied.

    Raises `CannotPlan` when the week before has no days of its own.
    """
    before = [day - timedelta(days=WEEK) for day in days_of(into)]
    plans = ShiftPlan.objects.filter(hotline=hotline, day__in=before).prefetch_related("duties")
    found = {plan.day: plan for plan in plans}
    if not found:
        raise CannotPlan(_("The week before follows the standing plan; there is nothing to copy."))
    for day in before:
        ShiftPlan.objects.filter(hotline=hotline, day=day + timedelta(days=WEEK)).delete()
        if (plan := found.get(day)) is not None:
            copied = ShiftPlan.objects.create(hotline=hotline, day=day + timedelta(days=WEEK))
            _copy_duties(plan, copied)
    return len(found)


@transaction.atomic
def follow_standing(hotline: Hotline, day: date) -> None:
    """The day has no plan of its own any more."""
    ShiftPlan.objects.filter(hotline=hotline, day=day).delete()


def _check(hotline: Hotline, shift: int) -> None:
    if not 0 <= shift < len(shifts_of(date(2000, 1, 1), rule_of(hotline.pk).shift_hours)):
        raise CannotPlan(_("There is no such shift."))


def _own_plan(hotline: Hotline, day: date | None) -> ShiftPlan:
    """With what the standing plan says, when it is made anew."""
    Hotline.objects.select_for_update().get(pk=hotline.pk)  # two supervisors at once
    plan, is_new = ShiftPlan.objects.get_or_create(hotline=hotline, day=day)
    if is_new and day is not None:
        standing = ShiftPlan.objects.filter(hotline=hotline, day__isnull=True).first()
        if standing is not None:
            _copy_duties(standing, plan)
    return plan


def _copy_duties(plan: ShiftPlan, into: ShiftPlan) -> None:
    Duty.objects.bulk_create(
        Duty(plan=into, shift=duty.shift, user_id=duty.user_id) for duty in plan.duties.all()
    )
