"""Shifts, people and rules as a supervisor changes them, and as an agent reads them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils.timezone import localdate

from desk.people.models import Duty, Hotline, HotlineRule, Role, Skill, SkillNeed, User
from tests.desk.pages.conftest import browser  # noqa: F401

pytestmark = pytest.mark.django_db
type Users = Callable[..., User]


@pytest.fixture
def boss(user: Users, browser: Any) -> Any:  # noqa: F811
    return browser(user("boss", Role.SUPERVISOR))


def test_a_supervisor_puts_somebody_on_a_shift_and_takes_them_off(
    boss: Any, user: Users, hotline: Hotline
) -> None:
    agent = user("agent")
    asked = {"hotline": hotline.pk, "day": localdate().isoformat(), "shift": 1, "user": agent.pk}
    page = boss.post("/shifts/put", asked, follow=True).text
    assert Duty.objects.get().user == agent
    assert str(agent) in page
    boss.post("/shifts/put", asked | {"off": ""})
    assert not Duty.objects.exists()


def test_what_cannot_be_is_said_and_nothing_changes(
    boss: Any, user: Users, hotline: Hotline
) -> None:
    asked = {"hotline": hotline.pk, "day": "", "shift": 7, "user": user("agent").pk}
    assert "没有这个班次" in boss.post("/shifts/put", asked, follow=True).text
    copied = boss.post("/shifts/copy", {"hotline": hotline.pk, "week": "2026-11-23"}, follow=True)
    assert "没有可以复制的" in copied.text


def test_an_agent_reads_the_shifts_and_changes_nothing(
    user: Users,
    hotline: Hotline,
    browser: Any,  # noqa: F811
) -> None:
    agent = user("agent")
    client = browser(agent)
    page = client.get("/shifts/").text
    assert "/shifts/put" not in page
    asked = {"hotline": hotline.pk, "day": "", "shift": 0, "user": agent.pk}
    assert client.post("/shifts/put", asked).status_code == 403
    assert client.post("/shifts/copy", {"hotline": hotline.pk}).status_code == 403
    assert client.get("/shifts/people/").status_code == 403
    assert client.get("/shifts/rules/").status_code == 403


def test_who_does_not_talk_has_no_shifts(user: Users, browser: Any) -> None:  # noqa: F811
    assert browser(user("editor", Role.EDITOR)).get("/shifts/").status_code == 403


def test_a_skill_its_matter_and_its_people(boss: Any, user: Users) -> None:
    agent = user("agent")
    boss.post("/shifts/skills", {"name": "社保医保", "category": "社会保障"})
    skill = Skill.objects.get()
    assert SkillNeed.objects.get().category == "社会保障"
    again = boss.post("/shifts/skills", {"name": "英语", "category": "社会保障"}, follow=True)
    assert "已经要求" in again.text
    boss.post(f"/shifts/people/{agent.pk}", {"talk_limit": "7", "skills": [skill.pk]})
    agent.refresh_from_db()
    assert (agent.talk_limit, list(agent.skills.all())) == (7, [skill])
    refused = boss.post(f"/shifts/people/{agent.pk}", {"talk_limit": "99"}, follow=True)
    agent.refresh_from_db()
    assert agent.talk_limit == 7
    assert "30" in refused.text
    boss.post("/shifts/skills", {"need": SkillNeed.objects.get().pk})
    assert not SkillNeed.objects.exists()


def test_rules_are_kept_and_nonsense_is_refused(boss: Any, user: Users, hotline: Hotline) -> None:
    user("agent")
    asked = {
        "handout": "push",
        "shift_hours": "12",
        "silent_minutes": "8",
        "overflow_minutes": "15",
        "skill": "",
    }
    address = f"/shifts/rules/?hotline={hotline.pk}"
    assert boss.post(address, asked).status_code == 302
    rule = HotlineRule.objects.get()
    assert (rule.shift_hours, rule.silent_minutes, rule.overflows) == (12, 8, False)
    refused = boss.post(address, asked | {"silent_minutes": "0"})
    assert refused.status_code == 422
    rule.refresh_from_db()
    assert rule.silent_minutes == 8


@pytest.mark.parametrize("query", ["?hotline=nowhere", "?week=2026-99-99", "?week=x"])
def test_what_makes_no_sense_is_no_fault_of_ours(
    boss: Any, user: Users, hotline: Hotline, query: str
) -> None:
    assert boss.get(f"/shifts/{query}").status_code in (200, 404)
