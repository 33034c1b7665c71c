"""The web chat's page: rendered here, its script and style are files of ours, nothing inline."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from channels.accounts import Account, WebAccount

_HERE = Path(__file__).parent
STATIC = _HERE / "static"
_NO_SUCH = "没有这个在线咨询，请核对网址。"


def _policy(host: str) -> str:
    # Safari before 15.4 does not count a socket of the same host as 'self'.
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
        f"connect-src 'self' ws://{host} wss://{host}; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )


class ChatPage:
    def __init__(self, accounts: Mapping[str, Account]) -> None:
        self._accounts = accounts
        templates = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
        )
        self._template = templates.get_template("chat.html")
        self._version = _version()

    async def handle(self, request: Request) -> Response:
        account = self._accounts.get(request.path_params["account"])
        if not isinstance(account, WebAccount):
            return HTMLResponse(_NO_SUCH, 404)
        return HTMLResponse(
            self._template.render(account=account, version=self._version),
            headers={
                "Content-Security-Policy": _policy(_host(request)),
                "X-Content-Type-Options": "nosniff",
                "Referrer-Policy": "no-referrer",
                "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
                "Cache-Control": "no-cache",
            },
        )


def _host(request: Request) -> str:
    """Goes into a header: only what a host name is made of."""
    host = request.headers.get("host", "")
    return "".join(c for c in host if c.isascii() and (c.isalnum() or c in ".-:[]"))


def _version() -> str:
    """Changes with the files, so that browsers may keep them."""
    digest = hashlib.sha256()
    for file in sorted(STATIC.iterdir()):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
