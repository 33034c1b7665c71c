from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client

from desk.knowledge.indexer import carry_out, open_live_index
from desk.knowledge.models import Entry
from desk.people.models import Hotline, Role, User
from desk.people.roles import give_role, prepare_groups
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
