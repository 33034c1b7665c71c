"""Who was planned at the merged line is planned at the other, whose own people stay on shift."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.timezone import localdate

from desk.cases.actors import SYSTEM
from desk.lines.merging import shift_plans
from desk.lines.merging.kinds import Lines
from desk.people.models import Duty, Hotline, HotlineRule, ShiftPlan, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(district: Hotline, city: Hotline) -> Lines:
    return Lines(district, city)


def plan(line: Hotline, days: int | None, *duties: tuple[int, User]) -> ShiftPlan:
    day = None if days is None else localdate() + timedelta(days=days)
    made = ShiftPlan.objects.create(hotline=line, day=day)
    Duty.objects.bulk_create(Duty(plan=made, shift=shift, user=user) for shift, user in duties)
    return made


def planned(line: Hotline) -> dict[int | None, set[tuple[int, str]]]:
    return {
        (row.day - localdate()).days if row.day else None: {
            (duty.shift, duty.user.username) for duty in row.duties.all()
        }
        for row in ShiftPlan.objects.filter(hotline=line)
    }


def move(lines: Lines) -> None:
    shift_plans.move(lines, SYSTEM, timezone.now())
    assert shift_plans.move(lines, SYSTEM, timezone.now()) == 0


def test_standing_plans_become_one(lines: Lines, people: dict[str, User]) -> None:
    plan(lines.source, None, (0, people["of_district"]))
    plan(lines.into, None, (0, people["of_city"]))
    move(lines)
    assert planned(lines.into) == {None: {(0, "of_city"), (0, "of_district")}}
    assert planned(lines.source) == {}


def test_a_day_with_a_plan_of_its_own_names_both_lines_people(
    lines: Lines, people: dict[str, User]
) -> None:
    ours, theirs = people["of_district"], people["of_city"]
    plan(lines.source, None, (0, ours))
    plan(lines.source, 2, (1, ours))
    plan(lines.into, None, (0, theirs))
    plan(lines.into, 3, (2, theirs))
    move(lines)
    assert planned(lines.into) == {
        None: {(0, "of_city"), (0, "of_district")},
        2: {(0, "of_city"), (1, "of_district")},  # otherwise the city's would be missing
        3: {(2, "of_city"), (0, "of_district")},
    }


def test_where_nobody_is_planned_nobody_is_sent_home(lines: Lines, people: dict[str, User]) -> None:
    plan(lines.source, None, (0, people["of_district"]))
    found = shift_plans.look(lines)
    assert found.to_do
    assert "of_district" in found.kept[0]
    move(lines)
    assert planned(lines.into) == {} == planned(lines.source)


def test_long_shifts_become_those_that_overlap(lines: Lines, people: dict[str, User]) -> None:
    HotlineRule.objects.create(hotline=lines.source, shift_hours=12)
    plan(lines.source, None, (0, people["of_district"]))  # 8 to 20
    plan(lines.into, None)
    assert shift_plans.look(lines).to_do
    move(lines)
    assert planned(lines.into) == {None: {(0, "of_district"), (1, "of_district")}}


def test_days_that_are_over_stay_as_history(lines: Lines, people: dict[str, User]) -> None:
    plan(lines.source, -1, (0, people["of_district"]))
    plan(lines.into, None, (0, people["of_city"]))
    move(lines)
    assert planned(lines.source) == {-1: {(0, "of_district")}}
    assert planned(lines.into) == {None: {(0, "of_city")}}
