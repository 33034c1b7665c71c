"""All bots of the sandbox, found by their account or by their token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from sandbox.accounts import TelegramAccount
from sandbox.clock import Clock
from sandbox.telegram.bots import Bot
from sandbox.telegram.errors import Refused
from sandbox.telegram.mailbox import Mailbox, Pace, Webhook
from sandbox.telegram.methods import METHODS, NOT_IN_RESPONSES
from sandbox.telegram.parameters import Parameters


class Platform:
    def __init__(
        self,
        accounts: Mapping[str, TelegramAccount],
        *,
        clock: Clock,
        client: httpx.AsyncClient,
        public_url: str,
        pace: Pace | None = None,
    ) -> None:
        self.bots: dict[str, Bot] = {}
        for account in accounts.values():
            mailbox = Mailbox(clock, client, pace or Pace())
            bot = self.bots[account.id] = Bot(account, clock, mailbox)
            mailbox.answered = _carrier(bot)
            if account.mode == "webhook":
                # As an operator has set it once; a `setWebhook` of the gateway's own replaces it.
                url = f"{public_url}/telegram/{account.id}"
                mailbox.set_webhook(Webhook(url, account.secret_token))

    def bot_by_token(self, token: str) -> Bot:
        """The bot; 404 for what has not a token's shape, 401 for one that nobody has."""
        number, _, secret = token.partition(":")
        if not (number.isdecimal() and secret):
            raise Refused(404, "Not Found")
        for bot in self.bots.values():
            if bot.account.bot_token == token:
                return bot
        raise Refused(401, "Unauthorized")

    async def close(self) -> None:
        for bot in self.bots.values():
            await bot.mailbox.close()


def _carrier(bot: Bot) -> Any:
    async def carry_out(wanted: dict[str, Any]) -> None:
        name = str(wanted.get("method", "")).lower()
        method = METHODS.get(name)
        if method is None or name.startswith("get") or name in NOT_IN_RESPONSES:
            return
        try:
            await method(bot, Parameters(wanted))
        except Refused as refused:
            # The caller never learns it; whoever looks at the phone page does.
            chat_id = str(wanted.get("chat_id", ""))
            citizen = bot.citizens.find(int(chat_id)) if chat_id.isdecimal() else None
            if citizen:
                citizen.note(bot.clock.now(), "误", refused.description, bad=True)

    return carry_out
