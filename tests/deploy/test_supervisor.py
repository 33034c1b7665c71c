"""What the demo's supervisor promises, tried on toys."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from deploy.demo import home as demo_home
from deploy.demo.parts import Part, in_waves
from deploy.demo.supervisor import Supervisor
from tests.deploy import toys
from tests.ports import free_port


@pytest.fixture
def home(tmp_path: Path) -> Path:
    demo_home.take(tmp_path, "test").close()
    return tmp_path


class Running:
    """A supervisor at work, and what it has said."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.ready = asyncio.Event()
        self.stop = asyncio.Event()
        self.hurry = asyncio.Event()


@contextlib.asynccontextmanager
async def running(parts: list[Part], home: Path) -> AsyncIterator[Running]:
    state = Running()
    supervisor = Supervisor(parts, root=home, home=home, say=state.said.append)
    work = asyncio.create_task(
        supervisor.run(state.stop, state.hurry, lambda took: state.ready.set())
    )
    try:
        yield state
    finally:
        state.stop.set()
        await work


async def until(fact: Callable[[], bool], *, within: float = 10.0) -> float:
    """Seconds until it is so."""
    began = time.monotonic()
    while not fact():
        assert time.monotonic() - began < within, "it did not become so in time"
        await asyncio.sleep(0.02)
    return time.monotonic() - began


def pid_of(home: Path, name: str) -> int | None:
    with contextlib.suppress(FileNotFoundError):
        return int((home / "run" / f"{name}.pid").read_text())
    return None


def is_there(pid: int) -> bool:
    """It runs; a zombie that its new parent has not yet looked at does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def test_a_part_starts_only_when_what_it_comes_after_answers(home: Path) -> None:
    port = free_port()
    parts = [
        toys.toucher("worker", home, after="server"),
        toys.server("server", port, slow=0.7),
    ]
    async with running(parts, home) as state:
        await until(lambda: pid_of(home, "server") is not None)
        await asyncio.sleep(0.4)
        assert pid_of(home, "worker") is None
        await asyncio.wait_for(state.ready.wait(), 10)
    assert [line.split()[0] for line in state.said] == ["server", "worker"]


async def test_ready_is_said_only_when_each_part_has_what_it_needs(home: Path) -> None:
    has_all = asyncio.Event()

    async def ready() -> bool:
        return has_all.is_set()

    port = free_port()
    whole = toys.server("server", port)
    part = Part(name="server", command=whole.command, alive=whole.alive, ready=ready)
    async with running([part], home) as state:
        await until(lambda: bool(state.said))
        await asyncio.sleep(0.3)
        assert not state.ready.is_set()
        has_all.set()
        await asyncio.wait_for(state.ready.wait(), 5)


async def test_a_part_that_dies_runs_again_within_two_seconds(home: Path) -> None:
    port = free_port()
    async with running([toys.server("server", port)], home) as state:
        await asyncio.wait_for(state.ready.wait(), 10)
        first = pid_of(home, "server")
        assert first is not None
        os.kill(first, signal.SIGKILL)
        took = await until(lambda: any("ready again" in line for line in state.said))
        assert took < 2
        second = pid_of(home, "server")
        assert second not in (first, None)
    assert any("server killed by SIGKILL" in line for line in state.said)


async def test_a_part_that_keeps_dying_is_started_less_and_less_often(home: Path) -> None:
    async with running([toys.hopeless("broken", needed=True)], home) as state:
        await until(lambda: len(state.said) >= 3)
        assert not state.ready.is_set()
    log = home / "logs" / "broken.log"
    assert [line.split(" in ")[1].split(" s.")[0] for line in state.said[:3]] == ["0.1", "0.5", "1"]
    assert str(log) in state.said[0]
    assert "I cannot" in log.read_text()


async def test_what_is_not_needed_holds_nobody_up(home: Path) -> None:
    parts = [
        toys.hopeless("rasa", needed=False),
        toys.toucher("worker", home, after="rasa"),
    ]
    async with running(parts, home) as state:
        await asyncio.wait_for(state.ready.wait(), 10)


async def test_stopping_ends_what_does_not_end_by_itself_and_its_children(home: Path) -> None:
    async with running([toys.stubborn_parent("parent", home)], home) as state:
        await asyncio.wait_for(state.ready.wait(), 10)
        pid = pid_of(home, "parent")
        grandchild = int((home / "parent.grandchild").read_text())
        assert pid is not None
        assert is_there(grandchild)
    assert not is_there(pid)
    await until(lambda: not is_there(grandchild))
    assert list((home / "run").glob("*.pid")) == []


async def test_a_second_wish_to_stop_does_not_wait(home: Path) -> None:
    async with running([toys.stubborn_parent("parent", home, grace=60)], home) as state:
        await asyncio.wait_for(state.ready.wait(), 10)
        state.stop.set()
        state.hurry.set()
        began = time.monotonic()
    assert time.monotonic() - began < 5


async def test_the_children_of_a_part_that_dies_do_not_stay(home: Path) -> None:
    async with running([toys.stubborn_parent("parent", home)], home) as state:
        await asyncio.wait_for(state.ready.wait(), 10)
        grandchild = int((home / "parent.grandchild").read_text())
        os.kill(pid_of(home, "parent") or 0, signal.SIGKILL)
        await until(lambda: not is_there(grandchild))


async def test_a_ready_file_of_the_last_start_counts_for_nothing(home: Path) -> None:
    (home / "run" / "worker.ready").touch()
    silent = toys.toucher("worker", home)
    silent = Part(name="worker", command=("sleep", "60"), alive=silent.alive)
    async with running([silent], home) as state:
        await asyncio.sleep(0.5)
        assert not state.ready.is_set()


def test_parts_that_wait_for_each_other_are_refused(tmp_path: Path) -> None:
    parts = [
        toys.toucher("one", tmp_path, after="two"),
        toys.toucher("two", tmp_path, after="one"),
    ]
    with pytest.raises(ValueError, match="one, two"):
        in_waves(parts)
