from __future__ import annotations

import pytest

from actions.decide import decide
from actions.library import Library
from tests.actions.a_talk import FakeKnowledge, FakeReader, Talk


@pytest.fixture
def knowledge() -> FakeKnowledge:
    return FakeKnowledge()


@pytest.fixture
def library(knowledge: FakeKnowledge) -> Library:
    return Library(knowledge=knowledge, reader=FakeReader())


@pytest.fixture
def talk(library: Library) -> Talk:
    return Talk(library, decide)
