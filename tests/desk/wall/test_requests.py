"""Answered within three minutes: what counts, and when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from desk.conversations.models import Author, Conversation, Message, Owner, OwnerChange
from desk.people.models import Hotline
from desk.wall.requests import promptness, requests_since
from tests.desk.pages.conftest import talk  # noqa: F401

pytestmark = pytest.mark.django_db
NOW = timezone.now()
type Asked = Callable[..., Conversation]


@pytest.fixture
def asked(talk: Callable[..., Conversation]) -> Asked:  # noqa: F811
    def make(
        ago: float, *, answered: float | None = None, back: float | None = None, **more: object
    ) -> Conversation:
        """Minutes: since the request, from it to an agent's words, from it to the bot again."""
        conversation = talk("转人工", owner=Owner.QUEUE, **more)
        at = NOW - timedelta(minutes=ago)
        _change(conversation, at, Owner.BOT, Owner.QUEUE)
        if answered is not None:
            Message.objects.create(
                conversation=conversation,
                author=Author.AGENT,
                text="您好",
                at=at + timedelta(minutes=answered),
            )
        if back is not None:
            _change(conversation, at + timedelta(minutes=back), Owner.QUEUE, Owner.BOT)
        return conversation

    return make


def _change(conversation: Conversation, at: object, before: Owner, after: Owner) -> None:
    OwnerChange.objects.create(
        conversation=conversation, at=at, before=before, after=after, by=Author.CITIZEN, epoch=1
    )


def counted(hotline: str = "") -> tuple[int, int]:
    found = promptness(requests_since(NOW - timedelta(hours=12), NOW, hotline))
    return found.in_time, found.counted


def test_who_was_answered_within_three_minutes_counts_for_the_standard(asked: Asked) -> None:
    asked(60, answered=2)
    asked(60, answered=4)
    assert counted() == (1, 2)


def test_who_still_waits_is_late_only_after_three_minutes(asked: Asked) -> None:
    asked(1)
    assert counted() == (0, 0)
    asked(5)
    assert counted() == (0, 1)


def test_who_took_it_back_in_time_counts_for_nothing(asked: Asked) -> None:
    asked(30, back=1)
    assert counted() == (0, 0)
    asked(30, back=10)
    assert counted() == (0, 1)


def test_what_an_agent_says_after_a_second_request_does_not_answer_the_first(asked: Asked) -> None:
    conversation = asked(60, back=20, answered=42)
    _change(conversation, NOW - timedelta(minutes=20), Owner.BOT, Owner.QUEUE)
    assert counted() == (1, 2)


def test_each_hotline_has_its_own_share_and_yesterday_is_over(
    asked: Asked, hotline: Hotline
) -> None:
    other = Hotline.objects.create(code="96105", name="朝阳区市民服务热线")
    asked(60, answered=1)
    asked(60, answered=9, hotline=other)
    asked(60 * 13, answered=9)
    assert counted(hotline.code) == (1, 1)
    assert counted("96105") == (0, 1)


def test_without_requests_there_is_no_share() -> None:
    assert promptness([]).share is None
    assert not promptness([]).is_below_goal
