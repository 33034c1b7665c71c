"""Who is on shift, and what the citizen hears of the next one."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from desk.people.models import Duty, Hotline, HotlineRule, ShiftPlan, User
from desk.people.shifts import next_shift, next_shift_in_words, on_shift

pytestmark = pytest.mark.django_db
MakeUser = Callable[..., User]
EVENING = datetime(2026, 11, 26, 14, tzinfo=UTC)  # 22:00 in Beijing


def plan(hotline: Hotline, shift: int, user: User, **more: object) -> None:
    made, _created = ShiftPlan.objects.get_or_create(hotline=hotline, day=None, **more)
    Duty.objects.create(plan=made, shift=shift, user=user)


def test_without_a_plan_whoever_is_there_is_on_shift(hotline: Hotline, user: MakeUser) -> None:
    agent = user(seen_at=EVENING)
    assert list(on_shift(hotline.pk, EVENING)) == [agent]


def test_who_is_planned_for_another_shift_is_not_on_shift(hotline: Hotline, user: MakeUser) -> None:
    plan(hotline, 0, user(seen_at=EVENING))
    assert not on_shift(hotline.pk, EVENING)


def test_who_is_planned_but_away_is_not_on_shift(hotline: Hotline, user: MakeUser) -> None:
    plan(hotline, 1, user(seen_at=EVENING - timedelta(hours=1)))
    assert not on_shift(hotline.pk, EVENING)


def test_the_citizen_hears_when_the_next_shift_begins(hotline: Hotline, user: MakeUser) -> None:
    plan(hotline, 0, user())
    assert next_shift_in_words(hotline.pk, EVENING).replace(" ", "") == "明早8:00有人值班。"


def test_a_night_of_twelve_hours_lasts_until_the_morning(hotline: Hotline, user: MakeUser) -> None:
    HotlineRule.objects.create(hotline=hotline, shift_hours=12)
    morning = datetime(2026, 11, 26, 23, tzinfo=UTC)  # 7:00
    agent = user(seen_at=morning)
    plan(hotline, 1, agent)
    assert list(on_shift(hotline.pk, morning)) == [agent]
    assert next_shift(hotline.pk, morning) == datetime(2026, 11, 27, 12, tzinfo=UTC)


def test_an_empty_day_does_not_follow_the_standing_plan(hotline: Hotline, user: MakeUser) -> None:
    agent = user(seen_at=EVENING)
    plan(hotline, 1, agent)
    ShiftPlan.objects.create(hotline=hotline, day=date(2026, 11, 26))
    assert not on_shift(hotline.pk, EVENING)
