"""A process is killed while citizens write: each message that was taken is answered, and once.

The same with more messages, and for every process, by hand: see `tests.journeys.killed`.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys import our_city
from tests.journeys.demo import Demo, a_demo, free_ports
from tests.journeys.killed import ACCOUNTS, API_PAUSE, run, write_channels
from tests.journeys.platform import Platform

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def running(
    bare_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Demo, Platform]]:
    folder = tmp_path_factory.mktemp("killed")
    home = folder / "qianmen"
    shutil.copytree(bare_home, home)
    ports = free_ports("platform")
    channels = str(write_channels(folder, ports["platform"]))
    settings = {"QIANMEN_CHANNELS": channels, "QIANMEN_DEMO_KNOWLEDGE": "none"}
    with (
        a_demo(home, ports, **settings) as demo,
        Platform(ACCOUNTS, demo.gateway, ports["platform"], api_pause=API_PAUSE) as platform,
    ):
        demo.manage_as_it_is("import_knowledge", str(our_city.write_import_file(folder)))
        demo.start()
        yield demo, platform


@pytest.mark.parametrize("victim", ["worker", "sender", "gateway", "redis"])
def test_each_message_that_was_taken_is_answered_once(
    running: tuple[Demo, Platform], victim: str
) -> None:
    report = run(*running, victim, messages=120, citizens=40)
    assert not report.faults, "\n".join([str(report), *report.faults])
    assert report.taken == 120
    # Only who was about to send may leave a doubt.
    assert victim in ("sender", "gateway") or not report.unknown, report.unknown
