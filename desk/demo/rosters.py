"""Shifts and skills of the demo city: two agents around the clock, twelve hours each in Yanqing."""

from __future__ import annotations

from desk.people.models import (
    Duty,
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
LONG_SHIFTS = "延庆"  # its line has two people, on twelve hours


def seed_rosters() -> None:
    """Where nobody has planned anything yet."""
    if not ShiftPlan.objects.exists():
        _shifts()
    if not Skill.objects.exists():
        _skills()


def _shifts() -> None:
    agents = list(User.objects.filter(username__in=AGENTS))
    for hotline in Hotline.objects.all():
        is_long = LONG_SHIFTS in f"{hotline.name}{hotline.district}"
        hours = ShiftLength.TWELVE if is_long else ShiftLength.EIGHT
        HotlineRule.objects.get_or_create(hotline=hotline, defaults={"shift_hours": hours})
        plan = ShiftPlan.objects.create(hotline=hotline)
        Duty.objects.bulk_create(
            Duty(plan=plan, shift=shift, user=agent)
            for shift in range(24 // hours)
            for agent in agents
        )


def _skills() -> None:
    for name, (username, categories) in SKILLS.items():
        skill = Skill.objects.create(name=name)
        User.objects.get(username=username).skills.add(skill)
        SkillNeed.objects.bulk_create(
            SkillNeed(category=category, skill=skill) for category in categories
        )
