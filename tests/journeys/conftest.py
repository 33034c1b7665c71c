"""What journeys share: a home that was set up once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.demo import a_demo, free_ports


@pytest.fixture(scope="session")
def bare_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Hotlines, departments and people, and no knowledge."""
    home = tmp_path_factory.mktemp("home") / "qianmen"
    with a_demo(home, free_ports(), QIANMEN_DEMO_KNOWLEDGE="none") as demo:
        demo.set_up()
    return home
