"""Only this machine, only by its own name, only from its own pages.

The sandbox can speak as any citizen, so a page from elsewhere that is open in the same browser must
not reach it: neither under another host name nor with a form of its own.
"""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

NAMES = frozenset({"127.0.0.1", "localhost"})
LARGEST_BODY = 12 * 1024 * 1024


class Guard:
    def __init__(self, app: ASGIApp, desk_url: str) -> None:
        self._app = app
        self._policy = (
            "default-src 'self'; img-src 'self' blob: data:; frame-ancestors 'none'; "
            f"base-uri 'none'; form-action 'self' {_origin(desk_url)}"
        ).encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = _refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, send)
            return

        async def send_with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message["headers"],
                    (b"content-security-policy", self._policy),
                    (b"x-content-type-options", b"nosniff"),
                ]
            await send(message)

        await self._app(scope, receive, send_with_policy)


def _refusal(scope: Scope) -> PlainTextResponse | None:
    headers = Headers(scope=scope)
    if not _is_loopback(scope):
        return PlainTextResponse("only from this machine", status_code=403)
    host = headers.get("host", "")
    if urlsplit(f"//{host}").hostname not in NAMES:
        return PlainTextResponse("unknown host name", status_code=400)
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != host:
        return PlainTextResponse("only from the sandbox's own pages", status_code=403)
    length = headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > LARGEST_BODY:
        return PlainTextResponse("too large", status_code=413)
    return None


def _is_loopback(scope: Scope) -> bool:
    client = scope.get("client")
    try:
        return client is not None and ip_address(client[0]).is_loopback
    except ValueError:
        return False


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
