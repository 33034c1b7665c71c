from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from desk.knowledge.indexer import open_live_index
from desk.people.models import User
from kb_index.index import Index
from kb_index.notes import publish_synonyms


@pytest.fixture
def browser() -> Callable[[User], Client]:
    def open_as(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return open_as


@pytest.fixture
def index() -> Iterator[Index]:
    """The index is one a session: what a test publishes must not be understood in the next."""
    opened = open_live_index()
    yield opened
    publish_synonyms(opened, [])
    opened.close()
