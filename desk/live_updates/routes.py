"""The addresses in front of Django: `/live`, `/healthz`, `/readyz`."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from redis.exceptions import RedisError
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse

from desk.conversations.bus import redis
from desk.live_updates.hub import (
    BATCH,
    Event,
    Hub,
    event_lines,
    events_after,
    in_thread,
    newest_event,
)
from desk.people.models import User
from desk.people.rights import Right, hotlines_of, may

HEARTBEAT = 20.0  # seconds; also how often an open page says that somebody is there


async def health(_request: Request) -> Response:
    return PlainTextResponse("ok\n")


async def ready(_request: Request) -> Response:
    """Each part that the desk needs; 503 when one is missing."""
    parts = await in_thread(_parts)()
    return JSONResponse(
        {"ready": all(parts.values()), "parts": parts},
        status_code=200 if all(parts.values()) else 503,
    )


async def live(request: Request) -> Response:
    """Server-sent events for one open page; catches up from `Last-Event-ID`."""
    found = await in_thread(_who)(request.cookies.get(settings.SESSION_COOKIE_NAME, ""))
    if found is None:
        return PlainTextResponse("", status_code=403)
    user, hotlines = found
    last = request.headers.get("last-event-id") or request.query_params.get("after") or ""
    return StreamingResponse(
        stream(request.app.state.hub, user, hotlines, last),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def stream(
    hub: Hub, user: User, hotlines: frozenset[str] | None, last: str
) -> AsyncGenerator[bytes]:
    """What one open page is told: what it missed after the event `last`, then all that comes."""
    async with hub.page(user.pk, hotlines) as page:
        await in_thread(_seen)(user.pk)
        seen_at = time.monotonic()
        missed: list[Event] = []
        if last.isdigit():
            missed = await in_thread(events_after)(int(last), hotlines)
        newest = await in_thread(newest_event)()
        if len(missed) >= BATCH:
            yield event_lines("reload", newest, {})
        else:
            for event in missed:
                yield event.lines
        yield event_lines("hello", missed[-1].id if missed else newest, {"pages": hub.pages})
        sent = {event.id for event in missed}
        while not page.fell_behind:
            if time.monotonic() - seen_at >= HEARTBEAT:  # also while events never stop
                await in_thread(_seen)(user.pk)
                seen_at = time.monotonic()
            try:
                told = await asyncio.wait_for(page.next(), HEARTBEAT)
            except TimeoutError:
                yield b": still here\n\n"
                continue
            if new := b"".join(lines for number, lines in told if number not in sent):
                yield new


def _who(session_key: str) -> tuple[User, frozenset[str] | None] | None:
    """The user of a session cookie who may read conversations, and their hotlines."""
    request = HttpRequest()
    engine = import_module(settings.SESSION_ENGINE)
    request.session = engine.SessionStore(session_key)
    user = get_user(request)
    if not isinstance(user, User) or not may(user, Right.READ_CASES):
        return None
    return user, hotlines_of(user)


def _seen(user: int) -> None:
    User.objects.filter(pk=user).update(seen_at=timezone.now())


def _parts() -> dict[str, bool]:
    parts = {"database": True, "redis": True}
    try:
        connection.ensure_connection()
    except Exception:  # whatever the driver says: it is not ready
        parts["database"] = False
    try:
        redis().ping()
    except RedisError:
        parts["redis"] = False
    return parts
