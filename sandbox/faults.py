"""Faults that a test can switch on at a platform's door, a number of times, then gone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from enum import StrEnum

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Receive, Scope, Send

Handler = Callable[[Request], Awaitable[Response]]
Refuse = Callable[["Fault"], Response]

MOST_FAULTS = 50


class FaultKind(StrEnum):
    SLOW = "slow"  # answers, but `seconds` later
    DROP = "drop"  # nothing done, connection cut
    DROP_AFTER = "drop_after"  # done, and the connection cut: the caller cannot know
    CODE = "code"  # the platform's own error `code`
    SERVER_ERROR = "server_error"  # 502 with a page of HTML
    HTML = "html"  # 200 with a page of HTML
    EMPTY = "empty"  # 200 with {}


class Fault(msgspec.Struct, kw_only=True):
    kind: FaultKind
    endpoint: str = "*"  # a method's name, or all of them
    code: int = 0
    message: str = ""
    seconds: float = 0.0  # waited first; for a code, what the platform asks the caller to wait
    times: int = 1


class Faults:
    """The faults of one account."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self.waiting.append(fault)
        del self.waiting[:-MOST_FAULTS]

    def take(self, endpoint: str) -> Fault | None:
        """The first fault for this endpoint, used up by one."""
        for fault in self.waiting:
            if fault.endpoint in ("*", endpoint):
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
                return fault
        return None


async def through(
    fault: Fault | None, request: Request, handler: Handler, refuse: Refuse
) -> Response:
    """Answer the request as the fault wants it; `refuse` words the platform's own error."""
    if fault is None:
        return await handler(request)
    if fault.seconds and fault.kind is not FaultKind.CODE:
        await asyncio.sleep(fault.seconds)
    match fault.kind:
        case FaultKind.SLOW:
            return await handler(request)
        case FaultKind.DROP:
            return Dropped()
        case FaultKind.DROP_AFTER:
            await handler(request)
            return Dropped()
        case FaultKind.CODE:
            return refuse(fault)
        case FaultKind.SERVER_ERROR:
            return HTMLResponse("<html><body>502 Bad Gateway</body></html>", status_code=502)
        case FaultKind.HTML:
            return HTMLResponse("<html><body>维护中</body></html>")
        case FaultKind.EMPTY:
            return JSONResponse({})


class ConnectionCut(Exception):
    """Raised in the middle of a response: the server then closes the connection."""


class Dropped(Response):
    """Half an answer, then silence on a closed connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [(b"content-type", b"application/json"), (b"content-length", b"64")],
            }
        )
        await send({"type": "http.response.body", "body": b'{"er', "more_body": True})
        raise ConnectionCut
