"""A month of ended talks, and who scores them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from desk.conversations.models import (
    Author,
    Citizen,
    Conversation,
    Message,
    Owner,
    OwnerChange,
    Rating,
)
from desk.people.models import Hotline, Role, User
from desk.reviewing.criteria import OF_AGENTS, OF_THE_BOT, Card, Given
from desk.reviewing.models import Review, State, Subject, Why
from tests.desk.pages.conftest import browser

__all__ = ["browser"]

type Users = Callable[..., User]
type Talks = Callable[..., Conversation]
OCTOBER = date(2026, 10, 1)
MIDDLE = datetime(2026, 10, 15, 2, tzinfo=UTC)
AFTER = datetime(2026, 11, 2, 2, tzinfo=UTC)
_numbers = count(1)


@pytest.fixture
def boss(user: Users) -> User:
    return user("boss", Role.SUPERVISOR)


@pytest.fixture
def agent(user: Users) -> User:
    return user("agent")


@pytest.fixture
def ended(hotline: Hotline) -> Talks:
    """A talk that ended; `by` answered in it, or else the bot."""

    def make(
        by: User | None = None,
        at: datetime = MIDDLE,
        *,
        lines: int = 1,
        unsolved: bool = False,
        waited: timedelta | None = None,
        of: Hotline | None = None,
    ) -> Conversation:
        citizen = Citizen.objects.create(
            account="12345-wechat", channel="wechat", external_id=f"r{next(_numbers)}"
        )
        begin = at - timedelta(minutes=20)
        talk = Conversation.objects.create(
            citizen=citizen,
            hotline=of or hotline,
            opened_at=begin,
            closed_at=at,
            last_at=at,
            last_words="路灯不亮",
        )
        says(talk, Author.CITIZEN, "德外大街的路灯不亮，找谁修", begin)
        said = says(talk, Author.BOT, "请拨打路灯抢修电话", begin)
        if unsolved:
            said.rating = Rating.UNSOLVED
            said.save()
        if waited is not None:
            OwnerChange.objects.create(
                conversation=talk,
                at=begin,
                before=Owner.BOT,
                after=Owner.QUEUE,
                by=Author.CITIZEN,
                epoch=1,
            )
        if by is not None:
            for _line in range(lines):
                says(
                    talk,
                    Author.AGENT,
                    "我替您登记，单位今天会联系您",
                    begin + (waited or timedelta(seconds=30)),
                    user=by,
                )
        return talk

    return make


@pytest.fixture
def drawn(ended: Talks) -> Callable[..., Review]:
    """A review that waits for its score: of an agent, or (None) of the bot."""

    def make(of: User | None, talk: Conversation | None = None, **more: Any) -> Review:
        return Review.objects.create(
            **{
                "month": OCTOBER,
                "conversation": talk or ended(of),
                "subject": Subject.AGENT if of else Subject.BOT,
                "agent": of,
                "why": Why.CHANCE,
            }
            | more
        )

    return make


def says(talk: Conversation, author: Author, text: str, at: datetime, **more: Any) -> Message:
    return Message.objects.create(conversation=talk, author=author, text=text, at=at, **more)


def a_card(points: int = 18, *, red: Iterable[str] = (), remark: str = "") -> Card:
    given = {one.key: Given(points, remark) for one in OF_AGENTS}
    return Card(given, tuple(red), "总的来说不错")


def a_bots_card(points: int = 20) -> Card:
    return Card({one.key: Given(points) for one in OF_THE_BOT})


def as_typed(points: int = 18, *, revision: int = 0, **more: str) -> dict[str, str]:
    """The scoring form of an agent's talk."""
    typed = {"revision": str(revision), "comment": "登记得很细"}
    for one in OF_AGENTS:
        typed |= {f"points_{one.key}": str(points), f"remark_{one.key}": f"评语 {one.key}"}
    return typed | more


__all__ += ["AFTER", "MIDDLE", "OCTOBER", "State", "a_bots_card", "a_card", "as_typed", "says"]
