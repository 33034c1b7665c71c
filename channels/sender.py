"""The process that calls the platforms: `python -m channels.sender`.

One sender works and others stand by, so that what is said to a citizen keeps its order. It reads
what its predecessor left first; all it knows is in Redis.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Mapping
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import httpx
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from channels import keys
from channels.accounts import (
    Account,
    TelegramAccount,
    WeChatAccount,
    accounts_or_exit,
)
from channels.claim import Claims
from channels.delivery import PAUSES, Courier
from channels.group_reader import Fields, GroupReader
from channels.in_order import InOrder
from channels.lease import RENEW_EVERY, Lease, LeaseLost
from channels.media import MediaDesk
from channels.port import Fetcher, Messenger
from channels.redis_connection import connect, connect_to_wait
from channels.sent_files import SentFiles
from channels.telegram.send import TelegramFiles, TelegramMessenger, open_bot
from channels.webchat.lines import Lines
from channels.webchat.send import WebMessenger
from channels.wechat.quota import Quota
from channels.wechat.send import WeChatFiles, WeChatMessenger
from channels.wechat.token import TokenProvider
from environment.logs import configure_logs
from environment.media_store import MediaStore, media_url
from environment.settings import Settings, read_settings
from wire.keys import MEDIA_WANTED, OUTBOUND
from wire.messages import FIELD, NotAMessage, Outbound, decode

log = structlog.get_logger(__name__)
ALIVE_SECONDS = 5
BEAT = 1.0
TRIM_EVERY = 60.0
FINISH_WITHIN = 5.0


class Sender:
    """Joins the streams to the accounts' platforms."""

    def __init__(
        self,
        settings: Settings,
        accounts: Mapping[str, Account],
        *,
        pauses: tuple[float, ...] = PAUSES,
    ) -> None:
        self._settings = settings
        self._accounts = accounts
        self._pauses = pauses
        self._ready_file = Path(settings.home, "run", "sender.ready")
        self.taken = asyncio.Event()

    async def run(self) -> None:
        """Until cancelled, or until another process has the lease."""
        self._ready_file.parent.mkdir(parents=True, exist_ok=True)
        self._ready_file.unlink(missing_ok=True)
        async with AsyncExitStack() as stack:
            redis = connect(self._settings.redis_url)
            waiting = connect_to_wait(self._settings.redis_url)
            stack.push_async_callback(redis.aclose)
            stack.push_async_callback(waiting.aclose)
            lease = Lease(redis, keys.SENDER_LEASE)
            await lease.take()
            stack.push_async_callback(lease.drop)
            stack.callback(self._ready_file.unlink, missing_ok=True)
            await self._work(stack, redis, waiting, lease)

    async def _work(
        self, stack: AsyncExitStack, redis: Redis, waiting: Redis, lease: Lease
    ) -> None:
        store = MediaStore(media_url(self._settings))
        sent_files = SentFiles(store, self._settings.public_url)
        messengers, fetchers = await _platforms(self._accounts, redis, sent_files, stack)
        courier = Courier(Claims(redis), messengers, lease.holder, pauses=self._pauses)
        files = MediaDesk(redis, fetchers, store, pauses=self._pauses)
        outbounds = GroupReader(redis, waiting, OUTBOUND, keys.SENDER_GROUP)
        wanted = GroupReader(redis, waiting, MEDIA_WANTED, keys.SENDER_GROUP)
        citizens, downloads = InOrder(), InOrder(at_most=200)

        async def take_outbound(entry: bytes, fields: Fields) -> None:
            outbound = _outbound(fields)
            if outbound is None:
                await outbounds.done(entry)
                return

            async def deliver() -> None:
                await courier.deliver(outbound)
                await outbounds.done(entry)

            await citizens.add((outbound.account, outbound.external_id), deliver)

        async def take_file(entry: bytes, fields: Fields) -> None:
            async def fetch() -> None:
                await files.fetch(fields)
                await wanted.done(entry)

            await downloads.add(entry, fetch)

        tasks = [
            asyncio.create_task(outbounds.run(take_outbound)),
            asyncio.create_task(wanted.run(take_file)),
            asyncio.create_task(self._beat(redis)),
            asyncio.create_task(_keep(lease)),
            asyncio.create_task(_trim(outbounds, wanted)),
        ]
        self.taken.set()
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await citizens.finish(FINISH_WITHIN)
            await downloads.finish(1.0)

    async def _beat(self, redis: Redis) -> None:
        """Say that we are alive, to the gateway and to whoever started us."""
        while True:
            with suppress(RedisError):
                await redis.set(keys.ALIVE_SENDER, "1", ex=ALIVE_SECONDS)
                self._ready_file.touch()
            await asyncio.sleep(BEAT)


async def _platforms(
    accounts: Mapping[str, Account], redis: Redis, sent_files: SentFiles, stack: AsyncExitStack
) -> tuple[dict[str, Messenger], dict[str, Fetcher]]:
    http = await stack.enter_async_context(
        httpx.AsyncClient(
            timeout=httpx.Timeout(8, connect=3, pool=5),
            # Kept for less long than platforms keep theirs: one that they close while we send
            # through it leaves a message unknown.
            limits=httpx.Limits(
                max_connections=100, max_keepalive_connections=20, keepalive_expiry=2
            ),
            follow_redirects=False,
        )
    )
    quota, lines = Quota(redis), Lines(redis)
    messengers: dict[str, Messenger] = {}
    fetchers: dict[str, Fetcher] = {}
    for account in accounts.values():
        if isinstance(account, WeChatAccount):
            tokens = TokenProvider(account, redis, http)
            messengers[account.id] = WeChatMessenger(account, tokens, quota, http, sent_files)
            fetchers[account.id] = WeChatFiles(account, tokens, http)
        elif isinstance(account, TelegramAccount):
            bot = await stack.enter_async_context(open_bot(account))
            messengers[account.id] = TelegramMessenger(account, bot, redis, sent_files)
            fetchers[account.id] = TelegramFiles(bot)
        else:
            messengers[account.id] = WebMessenger(lines)
    return messengers, fetchers


def _outbound(fields: Fields) -> Outbound | None:
    try:
        return decode(fields.get(FIELD, b""), Outbound)
    except NotAMessage:
        log.error("sender.unreadable")  # it will never become one
        return None


async def _keep(lease: Lease) -> None:
    while True:
        await asyncio.sleep(RENEW_EVERY)
        try:
            await lease.renew()
        except RedisError as error:
            log.warning("sender.lease", error=type(error).__name__)


async def _trim(*readers: GroupReader) -> None:
    while True:
        await asyncio.sleep(TRIM_EVERY)
        for reader in readers:
            with suppress(RedisError):
                await reader.trim()


async def _main(settings: Settings, accounts: Mapping[str, Account]) -> None:
    sender = Sender(settings, accounts)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    stopping = asyncio.create_task(stop.wait())
    while not stop.is_set():
        running = asyncio.create_task(sender.run())
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        running.cancel()
        try:
            await running
        except asyncio.CancelledError:
            pass
        except LeaseLost:
            log.warning("sender.stood_down")


def main() -> None:
    settings = read_settings()
    configure_logs(settings.log)
    accounts = accounts_or_exit(settings)
    asyncio.run(_main(settings, accounts))


if __name__ == "__main__":
    main()
