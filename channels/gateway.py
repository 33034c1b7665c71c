"""The public process: webhooks and the web chat on 127.0.0.1:QIANMEN_GATEWAY_PORT.

Keeps nothing of its own: any number of gateways may stand behind a load balancer.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from channels.accept import Accept
from channels.accounts import Account, TelegramAccount, accounts_or_exit
from channels.claim import Claims
from channels.health import Readiness, healthz
from channels.limits import AddressLimit
from channels.metrics import serve_metrics
from channels.redis_connection import connect, connect_to_wait
from channels.sent_files import SentFiles
from channels.telegram.intake import TelegramIntake
from channels.telegram.polling import Poller
from channels.telegram.webhook import TelegramWebhook, register
from channels.waiting import Hub, Replies
from channels.webchat.intake import WebIntake
from channels.webchat.lines import Lines
from channels.webchat.page import STATIC, ChatPage
from channels.webchat.socket import WebSocketChat
from channels.wechat.routes import WeChatWebhook
from environment.logs import configure_logs
from environment.media_store import PICTURE_LIMIT, MediaStore, media_url
from environment.settings import Settings, read_settings

log = structlog.get_logger(__name__)
_LOCAL_NAMES = ["127.0.0.1", "localhost"]
# A socket frame may be a picture; one that is somewhat too large gets an honest answer.
_FRAME_LIMIT = PICTURE_LIMIT + 1024 * 1024


def build(settings: Settings, accounts: Mapping[str, Account]) -> Starlette:
    """The gateway's application; what it needs is opened and closed with it."""
    redis = connect(settings.redis_url)
    waiting = connect_to_wait(settings.redis_url)
    hub = Hub(waiting)
    accept = Accept(redis)
    limit = AddressLimit(redis)
    telegram = TelegramIntake(redis, accept)
    wechat = WeChatWebhook(
        accounts,
        accept=accept,
        replies=Replies(redis, hub),
        claims=Claims(redis),
    )
    store = MediaStore(media_url(settings))
    chat = WebSocketChat(
        accounts,
        intake=WebIntake(accept, limit, store),
        lines=Lines(redis),
        hub=hub,
        limit=limit,
        public_url=settings.public_url,
    )
    routes: list[BaseRoute] = [
        Route("/healthz", healthz),
        Route("/readyz", Readiness(redis, hub).readyz),
        Route("/wechat/{account}", wechat.handle, methods=["GET", "POST"]),
        Route("/telegram/{account}", TelegramWebhook(accounts, telegram).handle, methods=["POST"]),
        Mount("/chat/static", StaticFiles(directory=STATIC)),
        Route("/chat/{account}", ChatPage(accounts).handle),
        Route("/files/{key:path}", SentFiles(store, settings.public_url).hand_out),
        WebSocketRoute("/webchat/{account}/socket", chat.handle),
    ]

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.push_async_callback(redis.aclose)
            stack.push_async_callback(waiting.aclose)
            http = await stack.enter_async_context(httpx.AsyncClient(timeout=10))
            await stack.enter_async_context(_running(hub.run()))
            for account in accounts.values():
                if isinstance(account, TelegramAccount):
                    await stack.enter_async_context(
                        _running(
                            Poller(account, redis, telegram, http).run()
                            if account.mode == "polling"
                            else register(account, settings.public_url, http)
                        )
                    )
            yield

    return Starlette(routes=routes, middleware=_middleware(settings), lifespan=lifespan)


def _middleware(settings: Settings) -> list[Middleware]:
    """Elsewhere the proxy in front knows which names are ours; the demo answers to this machine,
    so that no page on the web can reach it through a name of its own."""
    if not settings.is_demo:
        return []
    return [Middleware(TrustedHostMiddleware, allowed_hosts=_LOCAL_NAMES, www_redirect=False)]


@asynccontextmanager
async def _running(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def server_of(app: Starlette, port: int) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            app,
            host="127.0.0.1",
            port=port,
            log_config=None,
            access_log=False,  # query strings hold signatures and OpenIDs
            server_header=False,
            proxy_headers=True,
            ws_max_size=_FRAME_LIMIT,
            timeout_graceful_shutdown=5,
            timeout_keep_alive=30,
        )
    )


def main() -> int:
    settings = read_settings()
    configure_logs(settings.log)
    accounts = accounts_or_exit(settings)
    stop_metrics = serve_metrics(settings.metrics_port)
    server = server_of(build(settings, accounts), settings.gateway_port)
    # uvicorn stops in good order, then raises the signal once more: that one must not kill us.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: None)
    try:
        server.run()
    finally:
        stop_metrics()
    return 0 if server.started else 1


if __name__ == "__main__":
    sys.exit(main())
