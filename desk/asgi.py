"""The desk's web server: live updates in front, Django behind.

Live updates are one hub a process, so that a hundred open pages are one subscription, not a
hundred.
"""

from __future__ import annotations

import os
from asyncio import to_thread
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "desk.settings")
django.setup()

from django.core.asgi import get_asgi_application  # noqa: E402
from starlette.applications import Starlette  # noqa: E402
from starlette.routing import Mount, Route  # noqa: E402
from starlette.types import ASGIApp  # noqa: E402

from desk.live_updates.hub import Hub  # noqa: E402
from desk.live_updates.routes import health, live, ready  # noqa: E402
from desk.warming import warm  # noqa: E402


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    app.state.hub = Hub()
    await to_thread(warm)
    async with app.state.hub.running():
        yield


application = Starlette(
    routes=[
        Route("/healthz", health),
        Route("/readyz", ready),
        Route("/live", live),
        Mount("/", cast(ASGIApp, get_asgi_application())),
    ],
    lifespan=_lifespan,
)
