"""A merged line stays a row: who names it means the line that serves, and history stays read."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from desk.knowledge.models import Entry
from desk.people.models import Hotline, Role, User
from desk.people.rights import hotlines_of
from desk.people.serving import all_serving, serving, serving_lines, with_absorbed

pytestmark = pytest.mark.django_db


@pytest.fixture
def old(hotline: Hotline) -> Hotline:
    return Hotline.objects.create(code="96105", name="朝阳热线", merged_into=hotline)


def test_a_merged_line_is_served_by_the_other(old: Hotline, hotline: Hotline) -> None:
    assert serving(old.code) == hotline.code == serving(hotline.code)
    assert serving("0") == "0"
    assert all_serving(["96105", "12345", "0"]) == ["12345", "0"]
    assert list(serving_lines()) == [hotline]
    assert with_absorbed(["12345"]) == {"12345", "96105"}


def test_the_other_lines_people_read_its_history(
    old: Hotline, hotline: Hotline, user: Callable[..., User]
) -> None:
    agent = user("agent")
    agent.hotlines.add(hotline)
    assert hotlines_of(agent) == {"12345", "96105"}


def test_who_serves_every_line_still_does(old: Hotline, user: Callable[..., User]) -> None:
    assert hotlines_of(user("agent")) is None
    assert hotlines_of(user("supervisor", Role.SUPERVISOR)) is None


def test_an_entry_that_names_it_is_the_other_lines(old: Hotline) -> None:
    entry = Entry(external_id="A", question="q", answer="a", hotline_codes=["96105"])
    entry.clean()
    assert entry.hotline_codes == ["12345"]
