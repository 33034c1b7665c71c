"""A week of a hotline's shifts: a row a shift, a column a day, the plan of every day first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.timezone import localtime

from desk.people.models import Hotline, ShiftPlan, User
from desk.people.shifts import Shift, agents_of, rule_of, shifts_of
from desk.rosters.planning import days_of


@dataclass(frozen=True)
class Cell:
    day: date | None  # None: the standing plan
    shift: int
    people: list[User]
    addable: list[User]
    is_inherited: bool  # from the standing plan
    is_past: bool
    is_now: bool

    @property
    def is_hole(self) -> bool:
        return not self.people and not self.is_past


@dataclass(frozen=True)
class Row:
    shift: Shift
    cells: list[Cell]


@dataclass(frozen=True)
class Column:
    day: date | None
    is_own: bool  # it does not follow the standing plan
    is_today: bool


@dataclass(frozen=True)
class Week:
    hotline: Hotline
    columns: list[Column]
    rows: list[Row]
    holes: int
    agents: list[User]  # whom a shift can be given

    @property
    def monday(self) -> date:
        day = self.columns[1].day
        assert day is not None
        return day

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def before(self) -> date:
        return self.monday - timedelta(weeks=1)

    @property
    def after(self) -> date:
        return self.monday + timedelta(weeks=1)


def week_of(hotline: Hotline, day: date, now: datetime) -> Week:
    days = days_of(day)
    plans = _plans(hotline, days)
    agents = list(agents_of(hotline.pk))
    hours = rule_of(hotline.pk).shift_hours
    today = localtime(now).date()
    columns: list[date | None] = [None, *days]
    rows = [
        Row(shift, [_cell(one, shift.number, plans, agents, hours, now) for one in columns])
        for shift in shifts_of(days[0], hours)
    ]
    heads = [Column(one, one in plans and one is not None, one == today) for one in columns]
    holes = sum(cell.is_hole for row in rows for cell in row.cells if cell.day is not None)
    return Week(hotline, heads, rows, holes if plans else 0, agents)


def _cell(
    day: date | None,
    number: int,
    plans: dict[date | None, dict[int, list[User]]],
    agents: Sequence[User],
    hours: int,
    now: datetime,
) -> Cell:
    plan = plans.get(day, plans.get(None, {}))
    people = plan.get(number, [])
    shift = shifts_of(day, hours)[number] if day else None
    return Cell(
        day=day,
        shift=number,
        people=people,
        addable=[agent for agent in agents if agent not in people],
        is_inherited=day is not None and day not in plans,
        is_past=shift is not None and shift.ends <= now,
        is_now=shift is not None and shift.begins <= now < shift.ends,
    )


def _plans(hotline: Hotline, days: Sequence[date]) -> dict[date | None, dict[int, list[User]]]:
    rows = ShiftPlan.objects.filter(hotline=hotline).prefetch_related("duties__user")
    found: dict[date | None, dict[int, list[User]]] = {}
    for plan in [*rows.filter(day__in=days), *rows.filter(day__isnull=True)]:
        shifts = found.setdefault(plan.day, {})
        for duty in plan.duties.all():
            shifts.setdefault(duty.shift, []).append(duty.user)
    return found
