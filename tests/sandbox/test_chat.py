"""A page that looks at a chat sees each line once, in order, and never holds the chat up."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from sandbox.chat import MOST_ENTRIES, Chat, Side

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def add(chat: Chat, text: str) -> None:
    chat.add(at=NOON, side=Side.CITIZEN, kind="text", text=text)


async def lines(stream: AsyncIterator[bytes], count: int) -> list[str]:
    found: list[str] = []
    async for event in stream:
        found += re.findall(r'"text":"([^"]*)"', event.decode())
        if len(found) >= count:
            break
    return found


async def test_a_page_gets_what_it_missed_and_then_what_comes() -> None:
    chat = Chat()
    for text in ("一", "二", "三"):
        add(chat, text)
    stream = chat.watch(after=1)
    assert await lines(stream, 2) == ["二", "三"]
    add(chat, "四")
    assert await lines(chat.watch(after=3), 1) == ["四"]


async def test_only_so_many_lines_are_kept() -> None:
    chat = Chat()
    for number in range(MOST_ENTRIES + 10):
        add(chat, str(number))
    assert len(chat.entries) == MOST_ENTRIES
    assert chat.entries[-1].id == MOST_ENTRIES + 10


async def test_a_page_that_does_not_read_is_cut_off() -> None:
    chat = Chat()
    stream = chat.watch(after=0)
    assert b"retry" in await anext(stream)
    for number in range(1000):
        add(chat, str(number))
    seen = [event async for event in stream]
    assert len(seen) < 1000


async def test_a_changed_line_is_shown_changed() -> None:
    chat = Chat()
    add(chat, "旧")
    changed = chat.replace(chat.entries[0], text="新", edited=True)
    assert changed is not None
    assert [(entry.text, entry.edited) for entry in chat.entries] == [("新", True)]
