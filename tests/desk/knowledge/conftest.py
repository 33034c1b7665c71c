from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone

from actions.protocol import Status
from desk.conversations.models import Author, Citizen, Conversation, Message
from desk.knowledge.indexer import carry_out, open_live_index
from desk.knowledge.models import Entry
from desk.knowledge.publishing import publish
from desk.people.models import Hotline, Role, User
from desk.people.roles import give_role, prepare_groups
from desk.quality.models import Question
from kb_index.finding import Finder, open_finder

COLUMNS = [
    "external_id",
    "question",
    "similar_questions",
    "answer",
    "department",
    "hotlines",
    "status",
]


@pytest.fixture
def staff(user: Callable[..., User], hotline: Hotline) -> Callable[[str, Role], User]:
    """A member of the staff with the groups of the role."""
    prepare_groups()

    def make(name: str, role: Role) -> User:
        made = user(name, role)
        give_role(made, role)
        return made

    return make


@pytest.fixture
def editor(staff: Callable[[str, Role], User]) -> User:
    return staff("editor", Role.EDITOR)


@pytest.fixture
def reviewer(staff: Callable[[str, Role], User]) -> User:
    return staff("reviewer", Role.REVIEWER)


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def finder() -> Iterator[Finder]:
    found = open_finder(django_settings.QIANMEN.home, "", "none")
    yield found
    found.close()


def index_all() -> None:
    """What the indexer does after a commit."""
    index = open_live_index()
    while carry_out(index):
        pass
    index.close()


@pytest.fixture(autouse=True)
def _empty_index(db: None) -> Iterator[None]:
    """The index is one a session; an entry of one test must not be found in the next."""
    yield
    index = open_live_index()
    index.write([], list(Entry.objects.values_list("external_id", flat=True)))
    index.close()


def an_entry(**more: Any) -> Entry:
    """An entry that is not stored yet."""
    return Entry(
        **{
            "external_id": "KB-1",
            "question": "暖气不热怎么办",
            "similar_questions": ["屋里只有十五度", "暖气片冰凉"],
            "answer": "先看是一户不热还是整栋楼不热。",
            "live": False,
        }
        | more
    )


def a_csv(*rows: dict[str, str], encoding: str = "utf-8") -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def a_row(number: int, **more: str) -> dict[str, str]:
    return {
        "external_id": f"KB-{number}",
        "question": f"第{number}条怎么办",
        "similar_questions": "甲问法|乙问法",
        "answer": f"第{number}条的答案",
        "status": "published",
    } | more


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


@pytest.fixture
def same_finder(finder: Finder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of this test's index; the one of the process would outlive it."""
    for module in ("trying", "foresight.asking", "foresight.effect", "foresight.guard"):
        monkeypatch.setattr(f"desk.knowledge.{module}.finder", lambda: finder)
    monkeypatch.setattr("desk.knowledge.writing.suggesting.finder", lambda: finder)


@pytest.fixture
def published(same_finder: None, reviewer: User) -> None:
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
