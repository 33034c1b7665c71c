"""What came up and went down, by line and day, and what nobody has taken yet."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from desk.cases.actors import SYSTEM
from desk.cases.models import Case, CaseEvent
from desk.cases.steps import take
from desk.conversations.models import Owner, OwnerChange
from desk.lines import transfers
from desk.lines.merging.running import begin, go_on, lines_of
from desk.lines.transfers import Asked, Way, not_taken, talks, today, week
from desk.people.models import Department, Hotline, Role, User
from tests.desk.lines.conftest import a_case, a_talk, browser_of, index_all

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


class Platform:
    """Two districts and the city, moving cases."""

    def __init__(self, people: dict[str, User], *lines: Hotline) -> None:
        self.people = people
        self.city, self.district, self.tiny = lines
        self.boss = people["supervisor"]

    def moved(self, source: Hotline, to: Hotline, days_ago: int = 0) -> Case:
        case = a_case(self.boss, source)
        body = {"hotline": to.code, "reason": "不归我们管"}
        return take(case.number, "transfer", self.boss, body, at=timezone.now() - days_ago * DAY)


@pytest.fixture
def platform(people: dict[str, User], city: Hotline, district: Hotline, tiny: Hotline) -> Platform:
    return Platform(people, city, district, tiny)


def asked(**more: Any) -> Asked:
    return Asked(last=today(), **more)


def counted(user: User) -> dict[str, list[tuple[int, int, int]]]:
    return {
        row.line.code: [(one.up, one.down, one.across) for _day, one in row.days]
        for row in week(user, asked())
    }


def numbers(rows: list[transfers.Transfer]) -> list[str]:
    return [one.case.number for one in rows]


def test_each_line_and_day_is_counted_by_way(platform: Platform) -> None:
    platform.moved(platform.district, platform.city)
    platform.moved(platform.district, platform.city)
    platform.moved(platform.city, platform.tiny, days_ago=1)
    platform.moved(platform.district, platform.tiny)
    platform.moved(platform.district, platform.city, days_ago=9)
    found = counted(platform.boss)
    assert found["58905890"] == [(0, 0, 0)] * 6 + [(2, 0, 1)]
    assert found["69112345"] == [(0, 0, 0)] * 5 + [(0, 1, 0), (0, 0, 0)]
    assert "12345" not in found


def test_a_line_sees_its_own_alone(platform: Platform) -> None:
    mine = platform.moved(platform.district, platform.city)
    platform.moved(platform.tiny, platform.city)
    agent = platform.people["of_district"]
    assert set(counted(agent)) == {"58905890"}
    assert numbers(transfers.transfers(agent, asked())[0]) == [mine.number]
    assert numbers(not_taken(agent)) == [mine.number]
    assert not not_taken(agent)[0].is_ours


def test_they_are_narrowed_by_line_day_and_way(platform: Platform) -> None:
    up = platform.moved(platform.district, platform.city)
    down = platform.moved(platform.city, platform.tiny, days_ago=1)
    across = platform.moved(platform.tiny, platform.district, days_ago=1)

    def found(**more: Any) -> set[str]:
        return set(numbers(transfers.transfers(platform.boss, asked(**more))[0]))

    assert found() == {up.number, down.number, across.number}
    assert found(way=Way.UP) == {up.number}
    assert found(way=Way.DOWN) == {down.number}
    assert found(way=Way.ACROSS) == {across.number}
    assert found(day=today() - DAY) == {down.number, across.number}
    assert found(hotline="69112345") == {down.number, across.number}


def test_who_does_something_first_has_taken_it(platform: Platform, department: Department) -> None:
    case = platform.moved(platform.district, platform.city)
    [waiting] = not_taken(platform.boss)
    assert (waiting.case, waiting.is_waiting, waiting.way) == (case, True, Way.UP)
    agent = platform.people["of_city"]
    body = {"department": department.name}
    take(case.number, "dispatch", agent, body, at=timezone.now())
    assert not_taken(platform.boss) == []
    [[moved], _more] = transfers.transfers(platform.boss, asked())
    assert (moved.taken_by, moved.is_waiting) == (str(agent), False)


def test_a_department_does_not_take_it_for_the_line(
    platform: Platform, department: Department
) -> None:
    case = a_case(platform.boss, platform.district)
    body = {"department": department.name}
    take(case.number, "dispatch", platform.boss, body, at=timezone.now())
    body = {"hotline": "12345", "reason": "市里的"}
    take(case.number, "transfer", platform.boss, body, at=timezone.now())
    handler = User.objects.create(username="h", role=Role.HANDLER, department=department)
    take(case.number, "sign", handler, {}, at=timezone.now())
    assert numbers(not_taken(platform.boss)) == [case.number]


def test_what_went_on_to_another_line_waits_there_alone(platform: Platform) -> None:
    case = platform.moved(platform.district, platform.city, days_ago=1)
    body = {"hotline": platform.tiny.code, "reason": "延庆的"}
    take(case.number, "transfer", platform.people["of_city"], body, at=timezone.now())
    [waiting] = not_taken(platform.boss)
    assert waiting.to == str(platform.tiny)


def test_what_a_merge_moved_nobody_has_to_take(platform: Platform) -> None:
    a_case(platform.boss, platform.district)
    merge = begin(lines_of("58905890", "12345"), by="admin", at=timezone.now())
    go_on(merge, SYSTEM, at=timezone.now(), settle=index_all)
    assert CaseEvent.objects.filter(kind="transfer").exists()
    assert not_taken(platform.boss) == []
    assert transfers.transfers(platform.boss, asked()) == ([], False)


def test_talks_that_moved_stand_beside_the_cases(platform: Platform) -> None:
    talk = a_talk(platform.city, Owner.QUEUE, home=platform.district)
    change = OwnerChange.objects.create(
        conversation=talk,
        before=Owner.QUEUE,
        after=Owner.QUEUE,
        by="system",
        reason="overflow",
        target=str(platform.city),
        epoch=1,
    )
    for name in ("supervisor", "of_district", "of_city"):
        assert talks(platform.people[name], asked()) == [change]
    stranger = User.objects.create(username="stranger", role=Role.AGENT)
    stranger.hotlines.add(platform.tiny)
    assert talks(stranger, asked()) == []


def test_the_page_shows_all_of_it_and_takes_a_case(platform: Platform) -> None:
    case = platform.moved(platform.district, platform.city)
    client = browser_of(platform.people["of_city"])
    page = client.get("/lines/transfers/").content.decode()
    assert case.number in page
    assert "58905890 昌平热线 → 12345 市民热线" in page
    assert client.post(f"/cases/{case.number}/note", {"note": "接手"}).status_code == 302
    page = client.get("/lines/transfers/").content.decode()
    assert f"/cases/{case.number}/note" not in page


def test_the_giving_line_cannot_take_it_for_the_other(platform: Platform) -> None:
    case = platform.moved(platform.district, platform.city)
    page = browser_of(platform.people["of_district"]).get("/lines/transfers/").content.decode()
    assert case.number in page
    assert f"/cases/{case.number}/note" not in page


@pytest.mark.parametrize(
    "query", ["day=x", "until=9999-01-01", "way=left", "before=x", "hotline=0"]
)
def test_an_address_that_is_wrong_is_a_page_all_the_same(platform: Platform, query: str) -> None:
    assert browser_of(platform.boss).get(f"/lines/transfers/?{query}").status_code == 200


def test_the_page_asks_as_much_for_many_as_for_few(
    platform: Platform, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = browser_of(platform.people["of_city"])
    platform.moved(platform.district, platform.city)
    client.get("/lines/transfers/")
    with CaptureQueriesContext(connection) as few:
        client.get("/lines/transfers/")
    for _number in range(5):
        platform.moved(platform.district, platform.city)
    with django_assert_num_queries(len(few)):
        client.get("/lines/transfers/")


@pytest.mark.parametrize("role", [Role.HANDLER, Role.EDITOR])
def test_who_is_of_no_line_has_no_page(platform: Platform, role: Role) -> None:
    other = User.objects.create(username="other", role=role)
    assert browser_of(other).get("/lines/transfers/").status_code == 403
