from __future__ import annotations

from datetime import datetime

import pytest

from deploy.demo.accounts import WEB_HOTLINES
from desk.cases.moments import SHANGHAI
from desk.demo.lines import lines, seed_line_people
from desk.demo.rosters import seed_rosters
from desk.demo.seeding import _directory, _people
from desk.people.models import Duty, Handout, Hotline, Role, ShiftPlan, User
from desk.people.rights import hotlines_of
from desk.people.shifts import planned, rule_of
from desk.routing.assigning import assigns

NOON = datetime(2026, 3, 16, 12, tzinfo=SHANGHAI)
PASSWORD = "a-b-c"


@pytest.fixture
def city(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QIANMEN_DEMO_PASSWORD", raising=False)
    _directory()
    _people()
    seed_line_people("")
    seed_rosters()


def test_every_line_has_a_web_chat(city: None) -> None:
    assert set(WEB_HOTLINES) == set(Hotline.objects.values_list("code", flat=True))


def test_every_line_has_the_people_that_its_row_names(city: None) -> None:
    counts = {line.hotline: User.objects.filter(hotlines=line.hotline).count() for line in lines()}
    assert counts == {
        "12341": 6,
        "96105": 60,
        "96181": 50,
        "13910001000": 15,
        "58905890": 19,
        "mentougou": 20,
        "huairou": 16,
        "shijingshan": 5,
        "69112345": 4,
    }


def test_an_agent_of_a_line_serves_that_line_alone(city: None) -> None:
    agent = User.objects.get(username="chaoyang7")
    assert (agent.role, hotlines_of(agent)) == (Role.AGENT, frozenset({"96105"}))
    assert str(agent) == "朝阳坐席 07"


def test_chaoyangs_sixty_are_pushed_talks_in_three_shifts(city: None) -> None:
    assert (rule_of("96105").handout, rule_of("96105").shift_hours) == (Handout.PUSH, 8)
    own = Duty.objects.filter(plan__hotline="96105", user__hotlines="96105")
    assert [own.filter(shift=shift).count() for shift in range(3)] == [20, 20, 20]


def test_two_of_yanqings_four_are_on_a_shift_of_twelve_hours(city: None) -> None:
    assert rule_of("69112345").shift_hours == 12
    on_duty = User.objects.filter(pk__in=planned("69112345", NOON))
    assert {user.username for user in on_duty} == {"yanqing1", "yanqing3"}


@pytest.mark.parametrize("hotline", ["shijingshan", "69112345"])
def test_who_is_small_takes_talks_and_is_not_given_them(city: None, hotline: str) -> None:
    assert not assigns(hotline)


def test_a_second_start_adds_nobody_and_moves_nobody(city: None) -> None:
    User.objects.filter(hotlines="huairou").exclude(username="huairou1").delete()
    before = (User.objects.count(), Duty.objects.count(), ShiftPlan.objects.count())
    seed_line_people("")
    seed_rosters()
    assert (User.objects.count(), Duty.objects.count(), ShiftPlan.objects.count()) == before


def test_the_agents_of_lines_share_the_demos_password_or_have_none(city: None) -> None:
    assert not User.objects.get(username="xicheng1").has_usable_password()
    seed_line_people(PASSWORD)
    assert User.objects.get(username="xicheng1").check_password(PASSWORD)
    assert User.objects.get(username="yanqing4").check_password(PASSWORD)


def test_a_line_that_was_merged_gets_no_people_again(city: None) -> None:
    given_away = User.objects.filter(hotlines="58905890")
    for agent in given_away:
        agent.hotlines.set(["12345"])
    Hotline.objects.filter(code="58905890").update(merged_into="12345")
    before = User.objects.count()
    seed_line_people("")
    assert User.objects.count() == before
    assert not User.objects.filter(hotlines="58905890").exists()
