"""The half of WeChat that a hotline calls: tokens and customer-service messages.

Errors come with HTTP 200 and a request id at their end, as there. What a citizen was sent is kept
in the order in which it arrived.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

MESSAGES_FOR_ONE = 5  # what one message of a citizen allows, for 48 hours
BYTES = 2048
TOKEN_SECONDS = 7200


@dataclass(frozen=True)
class Sent:
    """One message that WeChat took for a citizen."""

    account: str
    citizen: str
    text: str
    at: float


@dataclass(frozen=True)
class Refusal:
    citizen: str
    code: int


class Api:
    def __init__(self, secrets_by_app: dict[str, tuple[str, str]], *, pause: float = 0.0) -> None:
        """`secrets_by_app`: app id to (account, app secret); `pause`: seconds from taking a
        message to saying so."""
        self._apps = secrets_by_app
        self._pause = pause
        self._tokens: dict[str, str] = {}  # token to account
        self._allowed: dict[tuple[str, str], int] = defaultdict(int)
        self.sent: list[Sent] = []
        self.refused: list[Refusal] = []
        self.app = Starlette(
            routes=[
                Route("/cgi-bin/stable_token", self._token, methods=["POST"]),
                Route("/cgi-bin/message/custom/send", self._send, methods=["POST"]),
                Route("/cgi-bin/message/custom/typing", self._typing, methods=["POST"]),
            ]
        )

    def citizen_wrote(self, account: str, citizen: str) -> None:
        # How grants combine is not known; nothing says that a new one takes back an old one.
        self._allowed[account, citizen] += MESSAGES_FOR_ONE

    async def _token(self, request: Request) -> Response:
        asked = await request.json()
        account, secret = self._apps.get(asked.get("appid"), ("", ""))
        if not account:
            return _error(40013, "invalid appid")
        if asked.get("secret") != secret:
            return _error(40001, "invalid credential")
        if asked.get("grant_type") != "client_credential":
            return _error(40002, "invalid grant_type")
        token = next((known for known, whose in self._tokens.items() if whose == account), "")
        if not token:
            token = secrets.token_urlsafe(100)
            self._tokens[token] = account
        return JSONResponse({"access_token": token, "expires_in": TOKEN_SECONDS})

    async def _typing(self, request: Request) -> Response:
        return _error(0, "ok")

    async def _send(self, request: Request) -> Response:
        account = self._tokens.get(request.query_params.get("access_token", ""))
        if account is None:
            return _error(40001, "invalid credential, access_token is invalid or not latest")
        raw = await request.body()
        try:
            message: dict[str, Any] = json.loads(raw)
            citizen, text = str(message["touser"]), _shown(message)
        except (ValueError, KeyError, TypeError):
            return _error(47001, "data format error")
        code = self._judge(account, citizen, text, raw)
        if code:
            self.refused.append(Refusal(citizen, code))
            return _error(code, "not sent")
        self._allowed[account, citizen] -= 1
        self.sent.append(Sent(account, citizen, text, time.monotonic()))
        await asyncio.sleep(self._pause)
        return _error(0, "ok")

    def _judge(self, account: str, citizen: str, text: str, raw: bytes) -> int:
        if (account, citizen) not in self._allowed:
            return 40003
        if not text.strip():
            return 44004
        if len(text.encode()) > BYTES:
            return 45002
        if b"\\u" in raw:  # would be shown to the citizen as it stands
            return 40033
        return 0 if self._allowed[account, citizen] > 0 else 45047


def _shown(message: dict[str, Any]) -> str:
    """What the citizen reads. Raises `KeyError` or `TypeError`."""
    if message["msgtype"] == "text":
        return str(message["text"]["content"])
    if message["msgtype"] != "msgmenu":
        raise KeyError(message["msgtype"])
    menu = message["msgmenu"]
    lines = [menu["head_content"], *(item["content"] for item in menu["list"])]
    return "\n".join([*lines, menu["tail_content"]] if menu["tail_content"] else lines)


def _error(code: int, text: str) -> Response:
    return JSONResponse({"errcode": code, "errmsg": f"{text} rid: {secrets.token_hex(4)}"})
