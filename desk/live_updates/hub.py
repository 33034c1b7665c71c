"""One subscription to Redis and one look at the event table serve all open pages of a process."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property

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
from desk.people.models import PRACTICE

log = structlog.get_logger(__name__)

POLL = 2.0  # seconds between looks when Redis does not wake us
GATHER = 0.1  # seconds between two looks, however much happens
BATCH = 500
# Rows can be committed out of the order of their ids: what is this young is looked at again.
SETTLES_AFTER = timedelta(seconds=5)


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
        data = {
            "conversation": self.conversation,
            "case": self.case,
            "owner": self.owner,
            "agent": self.agent,
        }
        return event_lines(self.kind, self.id, data)


def event_lines(kind: str, number: int, data: Mapping[str, object]) -> bytes:
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (number, kind.encode(), msgspec.json.encode(data))


@dataclass(eq=False)
class Page:
    """One open page; `hotlines` None means all."""

    hotlines: frozenset[str] | None
    queue: asyncio.Queue[Event] = field(default_factory=lambda: asyncio.Queue(1000))
    fell_behind: bool = False

    async def next(self) -> list[Event]:
        """All that has come since the last time; waits for one."""
        events = [await self.queue.get()]
        while not self.queue.empty():
            events.append(self.queue.get_nowait())
        return events

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
        self._last = await sync_to_async(newest_event, thread_sensitive=False)()
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
    async def page(self, hotlines: frozenset[str] | None) -> AsyncIterator[Page]:
        if not self._pages:
            self._last = await sync_to_async(newest_event, thread_sensitive=False)()
        page = Page(hotlines)
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
                events = await sync_to_async(events_to_send, thread_sensitive=False)(self._last)
            except Exception:
                log.exception("events could not be read")
                continue
            for event in events:
                if event.id not in self._sent:
                    self._send(event)
            self._last = max([self._last, *[event.id for event in events]])
            await asyncio.sleep(GATHER)

    def _send(self, event: Event) -> None:
        self._sent[event.id] = None
        if len(self._sent) > 5 * BATCH:
            del self._sent[next(iter(self._sent))]
        for page in list(self._pages):
            if page.wants(event):
                try:
                    page.queue.put_nowait(event)
                except asyncio.QueueFull:
                    # Its stream ends; the browser comes back and catches up from the table.
                    page.fell_behind = True
                    self._pages.discard(page)


def newest_event() -> int:
    return LiveEvent.objects.order_by("-id").values_list("id", flat=True).first() or 0


def events_to_send(after: int) -> list[Event]:
    """Events after an id, and the youngest before it in case they were committed late."""
    close_old_connections()
    young = LiveEvent.objects.filter(
        id__lte=after, id__gt=after - BATCH, at__gt=timezone.now() - SETTLES_AFTER
    )
    new = LiveEvent.objects.filter(id__gt=after).order_by("id")[:BATCH]
    return sorted([*_read(young), *_read(new)], key=lambda event: event.id)


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
