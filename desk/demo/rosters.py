"""Shifts, rules and skills of the demo city: each line's people in three shifts of eight hours, or
in two of twelve where the line is as small as Yanqing's.

The demo's two agents stand in on every line but the smallest, whose talks move up to the city line
when nobody of theirs is at the desk.
"""

from __future__ import annotations

from desk.demo.lines import Line, lines
from desk.people.models import (
    Duty,
    Handout,
    Hotline,
    HotlineRule,
    ShiftLength,
    ShiftPlan,
    Skill,
    SkillNeed,
    User,
)

AGENTS = ("agent", "agent2")
SKILLS = {"社保医保": ("agent2", ("社会保障",)), "住房公积金": ("agent", ("住房保障",))}
TINY = 5  # agents at most


def seed_rosters() -> None:
    """Where nobody has planned anything yet."""
    if not ShiftPlan.objects.exists():
        _shifts()
    if not Skill.objects.exists():
        _skills()


def _shifts() -> None:
    everywhere = list(User.objects.filter(username__in=AGENTS))
    known = {line.hotline: line for line in lines()}
    for hotline in Hotline.objects.all():
        line = known.get(hotline.pk)
        hours = line.shift_hours if line else ShiftLength.EIGHT
        handout = line.handout if line else Handout.BY_SIZE
        HotlineRule.objects.get_or_create(
            hotline=hotline, defaults={"shift_hours": hours, "handout": handout}
        )
        plan = ShiftPlan.objects.create(hotline=hotline)
        standing_in = everywhere if line is None or line.count > TINY else []
        shifts = 24 // hours
        duties = [Duty(plan=plan, shift=n, user=one) for n in range(shifts) for one in standing_in]
        duties += [
            Duty(plan=plan, shift=number % shifts, user=user)
            for number, user in enumerate(_people_of(line))
        ]
        Duty.objects.bulk_create(duties)


def _people_of(line: Line | None) -> list[User]:
    """In the order of their numbers, so that the shifts are of one size."""
    if line is None:
        return []
    users = User.objects.in_bulk(line.usernames, field_name="username")
    return [users[name] for name in line.usernames if name in users]


def _skills() -> None:
    for name, (username, categories) in SKILLS.items():
        skill = Skill.objects.create(name=name)
        User.objects.get(username=username).skills.add(skill)
        SkillNeed.objects.bulk_create(
            SkillNeed(category=category, skill=skill) for category in categories
        )
