"""Talks found by what an agent remembers of them."""

from __future__ import annotations

import pytest

from desk.cases.models import Case
from desk.conversations.models import Citizen, Conversation
from desk.conversations.searching import matching
from desk.people.models import Hotline

pytestmark = pytest.mark.django_db


@pytest.fixture
def talks(hotline: Hotline) -> dict[str, Conversation]:
    told = {
        "lamp": ("李建国", "13812345678", "路灯不亮，第12次说"),
        "water": ("", "", "水管漏水 ABC小区"),
        "rent": ("欧阳秀英", "13900001234", "房租涨得太快"),
    }
    found = {}
    for name, (person, phone, words) in told.items():
        citizen = Citizen.objects.create(
            account="a", channel="wechat", external_id=name, name=person, phone=phone
        )
        found[name] = Conversation.objects.create(
            citizen=citizen, hotline=hotline, last_words=words
        )
    Case.objects.create(
        number="202611270042", hotline=hotline, conversation=found["water"], content="漏水"
    )
    return found


@pytest.mark.parametrize(
    ("q", "wanted"),
    [
        ("路灯", {"lamp"}),
        ("灯不亮，第12次", {"lamp"}),
        ("灯亮", set()),  # both letters are there, not one after the other
        ("abc小", {"water"}),
        ("李建国", {"lamp"}),
        ("秀英", {"rent"}),
        ("5678", {"lamp"}),
        ("1234", {"rent"}),
        ("2026112700", {"water"}),
        ("漏水", {"water"}),
        ("%_", set()),
    ],
)
def test_by_words_a_name_a_number_or_the_end_of_a_phone(
    talks: dict[str, Conversation], q: str, wanted: set[str]
) -> None:
    found = set(matching(Conversation.objects.all(), q, 10))
    assert found == {talks[name] for name in wanted}


def test_only_within_what_was_asked_for(talks: dict[str, Conversation]) -> None:
    others = Conversation.objects.exclude(pk=talks["lamp"].pk)
    assert list(matching(others, "路灯", 10)) == []
