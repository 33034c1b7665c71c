"""What comes up suddenly."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from desk.cases.models import Case
from desk.people.models import Hotline
from desk.wall.topics import sudden

pytestmark = pytest.mark.django_db
NOW = timezone.now()
HEAT = "市政公用/供热"


def cases(hotline: Hotline, number: int, *, category: str = HEAT, weeks: int = 0) -> None:
    for one in range(number):
        Case.objects.create(
            number=f"2026{Case.objects.count():08d}",
            hotline=hotline,
            kind="complaint",
            category=category,
            content="暖气不热",
            accepted_at=NOW - timedelta(weeks=weeks, minutes=10 + one),
        )


def test_far_more_than_usual_is_told_with_what_is_usual(hotline: Hotline) -> None:
    for weeks in (1, 2, 3, 4):
        cases(hotline, 2, weeks=weeks)
    cases(hotline, 8)
    (topic,) = sudden(NOW)
    assert (topic.name, topic.group, topic.number, topic.usual) == ("供热", "市政公用", 8, 2.0)
    assert topic.rise == "+300%"
    assert not topic.is_new


def test_what_comes_every_week_is_no_topic(hotline: Hotline) -> None:
    for weeks in range(5):
        cases(hotline, 8, weeks=weeks)
    assert sudden(NOW) == []


def test_a_few_are_chance_and_many_are_new(hotline: Hotline) -> None:
    cases(hotline, 4)
    assert sudden(NOW) == []
    cases(hotline, 1)
    assert [topic.is_new for topic in sudden(NOW)] == [True]


def test_another_hotlines_topic_is_not_this_ones(hotline: Hotline) -> None:
    cases(hotline, 6)
    other = Hotline.objects.create(code="96105", name="朝阳区市民服务热线")
    assert sudden(NOW, other.code) == []
    assert len(sudden(NOW, hotline.code)) == 1
