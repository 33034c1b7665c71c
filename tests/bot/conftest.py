from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from actions.library import Library
from tests.actions.a_talk import FakeKnowledge, FakeReader
from tests.bot.rasa_process import MODEL, PYTHON, RasaProcess, running_rasa


@pytest.fixture(scope="session")
def bot_environment() -> None:
    """Rasa's own environment and a trained model; what lacks is named."""
    if PYTHON.is_file() and MODEL.is_file():
        return
    reason = "Rasa is not set up (bot/setup.sh; it needs Python 3.10)"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def rasa(bot_environment: None) -> Iterator[RasaProcess]:
    with running_rasa(Library(knowledge=FakeKnowledge(), reader=FakeReader())) as process:
        yield process
