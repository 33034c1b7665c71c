"""One subscription to Redis and one look at the event table serve all open pages of a process."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any

import msgspec
import structlog
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections
from django.db.models import QuerySet
from django.utils import timezone
from redis.asyncio import Redis
from redis.exceptions import RedisError

from desk.conversations.bus import LIVE_CHANNEL
from desk.conversations.models import LiveEvent
from desk.live_updates.rows import rendered
from desk.people.models import PRACTICE

log = structlog.get_logger(__name__)

POLL = 2.0  # seconds between looks when Redis does not wake us
GATHER = 0.1  # seconds between two looks, however much happens
BATCH = 500
# Rows can be committed out of the order of their ids: what is this young is looked at again.
SETTLES_AFTER = timedelta(seconds=5)
ROW_CHANGES = frozenset({"message", "read", "case"})  # an owner's change moves rows as well


def in_thread[**P, R](work: Callable[P, R]) -> Callable[P, Coroutine[Any, Any, R]]:
    """What asks the database does so beside the loop, and gives its connection back."""

    def run(*args: P.args, **named: P.kwargs) -> R:
        close_old_connections()
        try:
            return work(*args, **named)
        finally:
            close_old_connections()

    return sync_to_async(run, thread_sensitive=False)


@dataclass(frozen=True)
class Event:
    """A change, and who has the talk now: by that a page knows whether it concerns its list."""

    id: int
    kind: str
    hotline: str
    conversation: int | None
    case: str
    owner: str | None
    agent: int | None

    @cached_property
    def lines(self) -> bytes:
        """As a browser's EventSource reads it; written once for all pages."""
        return event_lines(self.kind, self.id, self._data)

    def lines_with(self, row: str) -> bytes:
        """The same with the talk's row in the agent's list, so that the page need not ask."""
        return event_lines(self.kind, self.id, {**self._data, "row": row})

    @property
    def _data(self) -> dict[str, object]:
        return {
            "conversation": self.conversation,
            "case": self.case,
            "owner": self.owner,
            "agent": self.agent,
        }


def event_lines(kind: str, number: int, data: Mapping[str, object]) -> bytes:
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (number, kind.encode(), msgspec.json.encode(data))


@dataclass(eq=False)
class Page:
    """One open page; `hotlines` None means all."""

    user: int
    hotlines: frozenset[str] | None
    queue: asyncio.Queue[tuple[int, bytes]] = field(default_factory=lambda: asyncio.Queue(1000))
    fell_behind: bool = False

    async def next(self) -> list[tuple[int, bytes]]:
        """All that has come since the last time, each with its event's id; waits for one."""
        told = [await self.queue.get()]
        while not self.queue.empty():
            told.append(self.queue.get_nowait())
        return told

    def wants(self, event: Event) -> bool:
        return self.hotlines is None or event.hotline in self.hotlines or event.hotline == PRACTICE


class Hub:
    def __init__(self) -> None:
        self._pages: set[Page] = set()
        self._wake = asyncio.Event()
        self._last = 0
        self._sent: dict[int, None] = {}

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        self._last = await in_thread(newest_event)()
        tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._look())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    @property
    def pages(self) -> int:
        """How many are open: each asks the less often, the more there are."""
        return len(self._pages)

    @contextlib.asynccontextmanager
    async def page(self, user: int, hotlines: frozenset[str] | None) -> AsyncIterator[Page]:
        if not self._pages:
            self._last = await in_thread(newest_event)()
        page = Page(user, hotlines)
        self._pages.add(page)
        try:
            yield page
        finally:
            self._pages.discard(page)

    async def _listen(self) -> None:
        while True:
            redis: Redis = Redis.from_url(settings.QIANMEN.redis_url, socket_connect_timeout=2)
            try:
                async with redis.pubsub(ignore_subscribe_messages=True) as waiting:
                    await waiting.subscribe(LIVE_CHANNEL)
                    while True:
                        if await waiting.get_message(timeout=30) is not None:
                            self._wake.set()
            except RedisError as error:
                log.warning("live updates look by themselves", error=type(error).__name__)
                await asyncio.sleep(POLL)
            finally:
                await redis.aclose()

    async def _look(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), POLL)
            self._wake.clear()
            if not self._pages:
                continue  # nobody looks: the first page that opens says from where
            try:
                events = await in_thread(events_to_send)(self._last, frozenset(self._sent))
                changed = self._changed(events)
                rows = await in_thread(rendered)(changed) if changed else {}
                for event in events:
                    self._send(event, rows.get((event.agent or 0, event.conversation or 0), ""))
            except Exception:  # whatever it was, the next look must come
                log.exception("events could not be told")
                await asyncio.sleep(GATHER)
                continue
            self._last = max([self._last, *[event.id for event in events]])
            await asyncio.sleep(GATHER)

    def _changed(self, events: Iterable[Event]) -> set[tuple[int, int]]:
        """Agents with an open page, each with a talk of theirs whose row has changed."""
        looking = {page.user for page in self._pages}
        return {
            (event.agent, event.conversation)
            for event in events
            if event.agent in looking and event.agent and event.conversation
            if event.kind in ROW_CHANGES
        }

    def _send(self, event: Event, row: str) -> None:
        self._sent[event.id] = None
        if len(self._sent) > 5 * BATCH:
            del self._sent[next(iter(self._sent))]
        with_row = event.lines_with(row) if row else event.lines
        for page in list(self._pages):
            if not page.wants(event):
                continue
            try:
                is_theirs = page.user == event.agent
                page.queue.put_nowait((event.id, with_row if is_theirs else event.lines))
            except asyncio.QueueFull:
                # Its stream ends; the browser comes back and catches up from the table.
                page.fell_behind = True
                self._pages.discard(page)


def newest_event() -> int:
    return LiveEvent.objects.order_by("-id").values_list("id", flat=True).first() or 0


def events_to_send(after: int, sent: frozenset[int]) -> list[Event]:
    """Events after an id, and young ones before it that were committed late."""
    young = LiveEvent.objects.filter(
        id__lte=after, id__gt=after - BATCH, at__gt=timezone.now() - SETTLES_AFTER
    ).values_list("id", flat=True)
    late = [number for number in young if number not in sent]
    new = LiveEvent.objects.filter(id__gt=after).order_by("id")[:BATCH]
    found = [*(_read(LiveEvent.objects.filter(id__in=late)) if late else []), *_read(new)]
    return sorted((event for event in found if event.id not in sent), key=lambda event: event.id)


def events_after(after: int, hotlines: frozenset[str] | None) -> list[Event]:
    """What a page that was away has missed."""
    rows = LiveEvent.objects.filter(id__gt=after).order_by("id")
    if hotlines is not None:
        rows = rows.filter(hotline_id__in=[*hotlines, PRACTICE])
    return _read(rows[:BATCH])


def _read(rows: QuerySet[LiveEvent]) -> list[Event]:
    return [
        Event(*values)
        for values in rows.values_list(
            "pk",
            "kind",
            "hotline_id",
            "conversation_id",
            "case",
            "conversation__owner",
            "conversation__agent_id",
        )
    ]
