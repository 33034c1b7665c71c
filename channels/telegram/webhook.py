"""Telegram's webhook. It knows the platform by a secret header, and acknowledges what is kept.

A bad update is acknowledged too, or it would block its chat for a day; 503 is for what could not
be kept.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Mapping

import httpx
import msgspec
import structlog
from redis.exceptions import RedisError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from channels.accounts import Account, TelegramAccount
from channels.body import CutOff, TooLarge, read_body
from channels.metrics import REFUSED
from channels.telegram.intake import TelegramIntake

log = structlog.get_logger(__name__)
BODY_LIMIT = 256 * 1024
ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]
_SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105  the header's name


class TelegramWebhook:
    def __init__(self, accounts: Mapping[str, Account], intake: TelegramIntake) -> None:
        self._accounts = {
            account.id: account
            for account in accounts.values()
            if isinstance(account, TelegramAccount) and account.mode == "webhook"
        }
        self._intake = intake

    async def handle(self, request: Request) -> Response:
        account = self._accounts.get(request.path_params["account"])
        if account is None:
            return PlainTextResponse("no such account", 404)
        if not _is_telegram(request, account):
            REFUSED.labels(account.id, "forged").inc()
            log.info("telegram.turned_away", account=account.id)
            return PlainTextResponse("forged", 403)
        try:
            body = await read_body(request, BODY_LIMIT)
            call = await self._intake.take(account, body)
        except TooLarge:
            return PlainTextResponse("too large", 413)
        except CutOff:
            return PlainTextResponse("cut off", 400)
        except RedisError as error:
            log.error("telegram.not_kept", account=account.id, error=type(error).__name__)
            REFUSED.labels(account.id, "unavailable").inc()
            return PlainTextResponse("try again", 503)
        if call is None:
            return Response()
        return Response(msgspec.json.encode(call), media_type="application/json")


def _is_telegram(request: Request, account: TelegramAccount) -> bool:
    claimed = request.headers.get(_SECRET_HEADER, "").encode()
    # Updates that were under way when the secret changed still carry the old one.
    known = [secret for secret in (account.secret_token, account.previous_secret_token) if secret]
    return any(hmac.compare_digest(secret.encode(), claimed) for secret in known)


async def register(account: TelegramAccount, public_url: str, http: httpx.AsyncClient) -> None:
    """Tell Telegram where the webhook is, until it has taken it."""
    pause = 1.0
    while True:
        try:
            response = await http.post(
                f"{account.api_base}/bot{account.bot_token}/setWebhook",
                json={
                    "url": f"{public_url}/telegram/{account.id}",
                    "secret_token": account.secret_token,
                    # Left out, whatever was set before would stay.
                    "allowed_updates": ALLOWED_UPDATES,
                },
            )
            if response.status_code == 200:
                log.info("telegram.webhook_set", account=account.id)
                return
            log.error("telegram.no_webhook", account=account.id, status=response.status_code)
        except httpx.HTTPError as error:  # its text holds the address, which holds the token
            log.warning("telegram.no_webhook", account=account.id, error=type(error).__name__)
        await asyncio.sleep(pause)
        pause = min(pause * 2, 300.0)
