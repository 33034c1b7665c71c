"""Updates on their way to a bot: by webhook in serial queues, or fetched by polling.

Within a queue the next update waits for the one before; between queues there is no order. An
update that is not taken is tried again, more and more slowly, until it expires.
"""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx

from sandbox.clock import Clock
from sandbox.telegram.errors import Refused

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105
MOST_PENDING = 1_000
DEFAULT_TYPES = frozenset({"message", "edited_message", "callback_query", "my_chat_member"})
EXPIRES = {"callback_query": timedelta(seconds=150)}
_EXPIRES = timedelta(hours=24)

type Answered = Callable[[dict[str, Any]], Awaitable[None]]


@dataclass
class Pace:
    """How Telegram waits between tries; tests make it short."""

    first_wait: float = 2.0
    longest_wait: tuple[float, float] = (60.0, 120.0)
    answer_within: float = 60.0


@dataclass
class Webhook:
    url: str
    secret: str = ""
    last_error: str = ""
    last_error_at: datetime | None = None


@dataclass(eq=False)
class Pending:
    update: dict[str, Any]
    queue: str
    expires: datetime
    tries: int = 0
    done: asyncio.Event = field(default_factory=asyncio.Event)
    delivered: bool = False


class Mailbox:
    def __init__(self, clock: Clock, client: httpx.AsyncClient, pace: Pace) -> None:
        self._clock = clock
        self._client = client
        self._pace = pace
        self._last_id = 500_000_000 + secrets.randbelow(100_000_000)
        self._pumps: dict[str, asyncio.Task[None]] = {}
        self._came = asyncio.Event()
        self._poll = 0
        self.pending: list[Pending] = []
        self.webhook: Webhook | None = None
        self.allowed = DEFAULT_TYPES
        self.answered: Answered | None = None  # told what a webhook's response asks for

    def add(self, kind: str, content: dict[str, Any], queue: str) -> Pending | None:
        """Queue an update; None when the bot did not ask for this kind."""
        if kind not in self.allowed:
            return None
        self._last_id += 1
        pending = Pending(
            update={"update_id": self._last_id, kind: content},
            queue=queue,
            expires=self._clock.now() + EXPIRES.get(kind, _EXPIRES),
        )
        self.pending.append(pending)
        for lost in self.pending[:-MOST_PENDING]:
            self._finish(lost, delivered=False)
        self._came.set()
        if self.webhook:
            self._start_pump(queue)
        return pending

    # Webhook

    def set_webhook(self, webhook: Webhook, *, drop_pending: bool = False) -> None:
        self.webhook = webhook
        self._poll += 1  # ends a poll that waits
        self._came.set()
        if drop_pending:
            self.drop_pending()
        for queue in {pending.queue for pending in self.pending}:
            self._start_pump(queue)

    def delete_webhook(self, *, drop_pending: bool = False) -> None:
        self.webhook = None
        if drop_pending:
            self.drop_pending()

    def drop_pending(self) -> None:
        for pending in list(self.pending):
            self._finish(pending, delivered=False)

    async def close(self) -> None:
        for pump in list(self._pumps.values()):
            pump.cancel()

    def _start_pump(self, queue: str) -> None:
        if queue not in self._pumps:
            self._pumps[queue] = asyncio.create_task(self._pump(queue))

    async def _pump(self, queue: str) -> None:
        try:
            await self._empty(queue)
        finally:
            # Before anything else runs: an update that comes next must start another pump.
            self._pumps.pop(queue, None)

    async def _empty(self, queue: str) -> None:
        while self.webhook:
            pending = next((one for one in self.pending if one.queue == queue), None)
            if pending is None:
                return
            if pending.expires <= self._clock.now():
                self._finish(pending, delivered=False)
                continue
            wait = await self._try(pending, self.webhook)
            if wait is None:
                self._finish(pending, delivered=True)
            else:
                await asyncio.sleep(wait)

    async def _try(self, pending: Pending, webhook: Webhook) -> float | None:
        """Post it once: None when it was taken, else how long to wait."""
        headers = {SECRET_HEADER: webhook.secret} if webhook.secret else {}
        pending.tries += 1
        try:
            async with asyncio.timeout(self._pace.answer_within):
                answer = await self._client.post(
                    webhook.url, json=pending.update, headers=headers, timeout=None
                )
        except (TimeoutError, httpx.RequestError) as error:
            webhook.last_error = f"Connection failed: {type(error).__name__}"
            webhook.last_error_at = self._clock.now()
            return self._wait(pending)
        if answer.is_success:
            await self._carry_out(answer)
            return None
        reason = answer.reason_phrase
        webhook.last_error = f"Wrong response from the webhook: {answer.status_code} {reason}"
        webhook.last_error_at = self._clock.now()
        named = answer.headers.get("retry-after", "")
        return min(float(named), 3600.0) if named.isdecimal() else self._wait(pending)

    def _wait(self, pending: Pending) -> float:
        longest = random.uniform(*self._pace.longest_wait)  # noqa: S311
        return min(self._pace.first_wait * 2.0 ** min(pending.tries - 1, 10), longest)

    async def _carry_out(self, answer: httpx.Response) -> None:
        """A webhook may ask for one call in its response; no result ever comes back."""
        if self.answered is None or not answer.content.strip():
            return
        try:
            wanted = answer.json()
        except ValueError:
            return
        if isinstance(wanted, dict) and "method" in wanted:
            await self.answered(wanted)

    def _finish(self, pending: Pending, *, delivered: bool) -> None:
        if pending in self.pending:
            self.pending.remove(pending)
        pending.delivered = delivered
        pending.done.set()

    # Polling

    async def fetch(self, offset: int, limit: int, timeout: float) -> list[dict[str, Any]]:
        """The updates from `offset` on, all lower ones confirmed; waits when there are none."""
        if self.webhook:
            raise Refused(
                409,
                "can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        self._poll += 1
        mine = self._poll
        self._came.set()  # wakes the poll before this one, which then ends
        await asyncio.sleep(0)
        self._confirm(offset)
        deadline = asyncio.get_running_loop().time() + min(timeout, 50.0)
        while not self.pending:
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                return []
            self._came.clear()
            try:
                async with asyncio.timeout(left):
                    await self._came.wait()
            except TimeoutError:
                return []
            if mine != self._poll:
                cause = "setWebhook" if self.webhook else "other getUpdates"
                hint = "" if self.webhook else "; make sure that only one bot instance is running"
                raise Refused(409, f"terminated by {cause} request{hint}")
        batch = self.pending[: max(1, min(limit, 100))]
        for pending in batch:
            pending.tries += 1
        return [pending.update for pending in batch]

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            for pending in self.pending[:offset]:
                self._finish(pending, delivered=False)
            return
        for pending in list(self.pending):
            if pending.update["update_id"] < offset:
                self._finish(pending, delivered=True)
