from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import count

import pytest
from django.utils import timezone

from actions.protocol import Status
from desk.conversations.models import Author, Citizen, Conversation, Message
from desk.knowledge import trying
from desk.knowledge.publishing import publish
from desk.people.models import Hotline, User
from desk.quality.models import Question
from kb_index.finding import Finder
from tests.desk.knowledge.conftest import an_entry, index_all

_numbers = count(1)
STREET_LAMP = {
    "external_id": "KB-2",
    "question": "路灯不亮向谁反映",
    "similar_questions": ["我们这条街路灯坏了", "路灯不亮找谁修"],
    "answer": "请告诉我们路名和灯杆编号。",
}
PHONE = {
    "external_id": "KB-3",
    "question": "供热单位电话是多少",
    "similar_questions": ["热力公司电话多少", "暖气公司怎么联系"],
    "answer": "拨打供热热线 96069。",
}


@pytest.fixture(autouse=True)
def _same_finder(finder: Finder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of this test's index; the one of the process would outlive it."""
    for module in ("trying", "foresight.asking", "foresight.effect", "foresight.guard"):
        monkeypatch.setattr(f"desk.knowledge.{module}.finder", lambda: finder)
    monkeypatch.setattr("desk.knowledge.writing.suggesting.finder", lambda: finder)
    assert trying.finder() is finder


@pytest.fixture
def published(reviewer: User) -> None:
    """Three entries that citizens are told."""
    for fields in ({}, STREET_LAMP, PHONE):
        publish(an_entry(**fields), reviewer)
    index_all()


@pytest.fixture
def said(hotline: Hotline) -> Callable[..., Message]:
    """A citizen's question, as often as it is said, and what the bot answered with."""

    def say(text: str, times: int = 1, *, entry: str = "", at: datetime | None = None) -> Message:
        for _ in range(times):
            number = next(_numbers)
            citizen = Citizen.objects.create(
                channel="webchat", account="a", external_id=str(number)
            )
            conversation = Conversation.objects.create(citizen=citizen, hotline=hotline)
            told = {
                "conversation": conversation,
                "status": Status.ANSWERED if entry else Status.NO_ARTICLE,
                "at": at or timezone.now(),
            }
            message = Message.objects.create(author=Author.CITIZEN, text=text, **told)
            Message.objects.create(author=Author.BOT, text="答", entry=entry, **told)
        return message

    return say


@pytest.fixture
def guarded(hotline: Hotline) -> Callable[[str, str], Question]:
    def make(text: str, expected: str) -> Question:
        return Question.objects.create(
            text=text, expected=expected, hotline=hotline, changed_at=timezone.now()
        )

    return make
