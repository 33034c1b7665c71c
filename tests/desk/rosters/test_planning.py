"""A shift plan and its changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from desk.people.models import Hotline, HotlineRule, Role, ShiftPlan, User
from desk.people.shifts import planned
from desk.rosters.planning import CannotPlan, copy_week, follow_standing, put_on, take_off
from desk.rosters.table import week_of

pytestmark = pytest.mark.django_db
type Users = Callable[..., User]
THURSDAY = date(2026, 11, 26)
NOON = datetime(2026, 11, 26, 4, tzinfo=UTC)  # 12:00 in Beijing: the early shift
EARLY = 0


def test_every_day_follows_the_standing_plan(hotline: Hotline, user: Users) -> None:
    agent = user()
    put_on(hotline, None, EARLY, agent)
    put_on(hotline, None, EARLY, agent)
    assert planned(hotline.pk, NOON) == {agent.pk}
    assert planned(hotline.pk, NOON + timedelta(days=30)) == {agent.pk}


def test_a_change_of_one_day_holds_for_that_day_alone(hotline: Hotline, user: Users) -> None:
    usual, stand_in = user("usual"), user("stand-in")
    put_on(hotline, None, EARLY, usual)
    put_on(hotline, THURSDAY, EARLY, stand_in)
    assert planned(hotline.pk, NOON) == {usual.pk, stand_in.pk}
    take_off(hotline, THURSDAY, EARLY, usual)
    assert planned(hotline.pk, NOON) == {stand_in.pk}
    assert planned(hotline.pk, NOON + timedelta(days=1)) == {usual.pk}
    follow_standing(hotline, THURSDAY)
    assert planned(hotline.pk, NOON) == {usual.pk}


def test_the_week_before_is_copied_day_by_day(hotline: Hotline, user: Users) -> None:
    agent, other = user("agent"), user("other")
    put_on(hotline, THURSDAY, EARLY, agent)
    put_on(hotline, THURSDAY + timedelta(days=7), EARLY, other)
    put_on(hotline, THURSDAY + timedelta(days=8), EARLY, other)
    assert copy_week(hotline, THURSDAY + timedelta(days=7)) == 1
    assert planned(hotline.pk, NOON + timedelta(days=7)) == {agent.pk}
    assert planned(hotline.pk, NOON + timedelta(days=8)) == set(), "it is as the week before was"


def test_without_a_week_before_nothing_is_thrown_away(hotline: Hotline, user: Users) -> None:
    agent = user()
    put_on(hotline, THURSDAY, EARLY, agent)
    with pytest.raises(CannotPlan):
        copy_week(hotline, THURSDAY)
    assert planned(hotline.pk, NOON) == {agent.pk}


def test_only_who_serves_the_hotline_can_be_put_on(hotline: Hotline, user: Users) -> None:
    stranger = user("stranger")
    stranger.hotlines.add(Hotline.objects.create(code="96105", name="朝阳"))
    for person in (stranger, user("editor", Role.EDITOR)):
        with pytest.raises(CannotPlan):
            put_on(hotline, None, EARLY, person)
    assert not ShiftPlan.objects.filter(duties__isnull=False).exists()


@pytest.mark.parametrize("shift", [-1, 3])
def test_there_are_three_shifts(hotline: Hotline, user: Users, shift: int) -> None:
    with pytest.raises(CannotPlan):
        put_on(hotline, None, shift, user())


def test_on_twelve_hours_there_are_two(hotline: Hotline, user: Users) -> None:
    HotlineRule.objects.create(hotline=hotline, shift_hours=12)
    agent = user()
    put_on(hotline, None, 1, agent)
    with pytest.raises(CannotPlan):
        put_on(hotline, None, 2, agent)
    assert len(week_of(hotline, THURSDAY, NOON).rows) == 2


def test_a_shift_without_anybody_is_a_hole_until_it_is_over(hotline: Hotline, user: Users) -> None:
    assert week_of(hotline, THURSDAY, NOON).holes == 0, "nobody plans here"
    put_on(hotline, None, EARLY, user())
    week = week_of(hotline, THURSDAY, NOON)
    # Late and night, from Thursday to Sunday; Wednesday's night is over at noon.
    assert week.holes == 8
    thursday = week.rows[EARLY].cells[4]
    assert (thursday.day, thursday.is_now, thursday.is_inherited) == (THURSDAY, True, True)
