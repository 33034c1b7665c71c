"""A part is there only when it says so, clearly and soon."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from deploy.demo import readiness
from deploy.demo.readiness import FileIsFresh, HttpAnswers, RedisAnswers
from tests.ports import free_port


@asynccontextmanager
async def answering(answer: bytes | None) -> AsyncIterator[int]:
    """A server that answers everything like this, or never."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        if answer is not None:
            writer.write(answer)
        else:
            await reader.read()  # until the other side hangs up
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


@pytest.mark.parametrize(
    ("check", "answer", "there"),
    [
        (HttpAnswers, b"HTTP/1.1 200 OK\r\n\r\n", True),
        (HttpAnswers, b"HTTP/1.1 503 Service Unavailable\r\n\r\n", False),
        (HttpAnswers, b"200\r\n", False),
        (RedisAnswers, b"+PONG\r\n", True),
        (RedisAnswers, b"-LOADING Redis is loading the dataset in memory\r\n", False),
    ],
)
async def test_only_a_clear_yes_counts(
    check: Callable[[int], readiness.Check], answer: bytes, there: bool
) -> None:
    async with answering(answer) as port:
        assert await check(port)() is there


async def test_nobody_at_the_port_is_not_there() -> None:
    assert not await HttpAnswers(free_port())()


async def test_one_that_never_answers_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "PATIENCE", 0.1)
    async with answering(None) as port:
        assert not await HttpAnswers(port)()


async def test_a_file_counts_only_as_long_as_it_is_touched(tmp_path: Path) -> None:
    file = tmp_path / "worker.ready"
    check = FileIsFresh(file)
    assert not await check()
    file.touch()
    assert await check()
    os.utime(file, (time.time() - 6, time.time() - 6))
    assert not await check()
