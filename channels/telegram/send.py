"""Sending through the Bot API, with its many errors sorted by what to do next."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog
from redis.asyncio import Redis
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import HTTPXRequest

from channels import keys
from channels.accounts import TelegramAccount
from channels.errors import FetchError, Misconfigured, Refused, SendError, TryLater, Unknown
from channels.port import Piece
from channels.sent_files import SentFiles
from channels.telegram.parse import LONG_OPTION
from wire.cutting import UTF16_UNITS, cut
from wire.messages import File, Option, Outbound, Part

log = structlog.get_logger(__name__)
LIMIT_UNITS = 4000  # UTF-16 units; the platform's 4,096 may count either way
_DATA_BYTES = 64
_PICK = "请选择："
_OPTION_SECONDS = 30 * 24 * 3600


@asynccontextmanager
async def open_bot(account: TelegramAccount) -> AsyncIterator[Bot]:
    """A bot that asks nothing at its start: the sender starts with Telegram down too."""
    request = HTTPXRequest(
        connection_pool_size=64,
        connect_timeout=3,
        read_timeout=8,
        write_timeout=8,
        pool_timeout=5,
        media_write_timeout=20,
    )
    try:
        yield Bot(
            account.bot_token,
            base_url=f"{account.api_base}/bot",
            base_file_url=f"{account.api_base}/file/bot",
            request=request,
            get_updates_request=request,
        )
    finally:
        await request.shutdown()  # a bot that was never initialised would not close it


class TelegramMessenger:
    channel = "telegram"
    via = "api"
    repeatable = False

    def __init__(self, account: TelegramAccount, bot: Bot, redis: Redis, files: SentFiles) -> None:
        self._account = account
        self._bot = bot
        self._redis = redis
        self._files = files

    async def pieces(self, outbound: Outbound, already_sent: int) -> Sequence[Piece]:
        pieces = [Piece(piece) for part in outbound.parts for piece in pieces_of(part)]
        return pieces[already_sent:]

    async def send(self, outbound: Outbound, piece: Piece) -> str:
        if piece.part.file is not None:
            await self._send_file(outbound.external_id, piece.part.file)
        else:
            await self._send_text(outbound, piece)
        return self.via

    async def _send_file(self, chat: str, file: File) -> None:
        content = await self._files.read(file)
        try:
            if file.kind == "image":
                try:
                    await self._bot.send_photo(chat, content, filename=file.name)
                    return
                except BadRequest as error:
                    # Too long or too large to be shown as a photo: it was surely not taken, and
                    # arrives as a paper.
                    if "PHOTO" not in error.message.upper():
                        raise
            await self._bot.send_document(chat, content, filename=file.name)
        except (TelegramError, KeyError) as error:
            raise error_of(error) from error

    async def _send_text(self, outbound: Outbound, piece: Piece) -> None:
        buttons = [
            [InlineKeyboardButton(option.label, callback_data=await self._data(option))]
            for option in piece.part.options
        ]
        try:
            await self._bot.send_message(
                chat_id=outbound.external_id,
                text=piece.part.text,
                reply_markup=InlineKeyboardMarkup(buttons) if buttons else None,
                disable_web_page_preview=True,
            )
        except (TelegramError, KeyError) as error:
            raise error_of(error) from error

    async def _data(self, option: Option) -> str:
        data = option.id.encode()
        if len(data) <= _DATA_BYTES and not option.id.startswith(LONG_OPTION):
            return option.id
        digest = hashlib.sha256(data).hexdigest()[:40]
        await self._redis.set(keys.long_option(self._account.id, digest), data, ex=_OPTION_SECONDS)
        return LONG_OPTION + digest


def pieces_of(part: Part) -> list[Part]:
    if part.file is not None:
        return [part]
    texts = cut(part.text, LIMIT_UNITS, UTF16_UNITS) or ([_PICK] if part.options else [])
    return [
        Part(text=text, options=part.options if number == len(texts) else ())
        for number, text in enumerate(texts, start=1)
    ]


def error_of(error: TelegramError | KeyError) -> SendError:
    """Several of these are subclasses of `NetworkError`, so the order matters."""
    if isinstance(error, RetryAfter):
        return TryLater("429", wait=_wait_of(error))
    if isinstance(error, Forbidden):
        return Refused("403")  # blocked, deactivated, or never started
    if isinstance(error, BadRequest | ChatMigrated):
        return Refused("400")
    if isinstance(error, InvalidToken):
        return Misconfigured("401")
    if isinstance(error, Conflict):
        return Misconfigured("409")
    if isinstance(error, NetworkError) and _never_connected(error):
        return TryLater("unreachable")
    if isinstance(error, TimedOut) and "not* sent" in error.message:
        return TryLater("pool")  # it never left our own queue
    return Unknown("no-answer")


def _wait_of(error: RetryAfter) -> float:
    """Seconds. The library changes the type in a later version, and warns at each look."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def _never_connected(error: BaseException) -> bool:
    cause = error.__cause__
    return cause is not None and type(cause).__name__ in ("ConnectError", "ConnectTimeout")


class TelegramFiles:
    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def fetch(self, platform_id: str, at_most: int) -> bytes:
        try:
            file = await self._bot.get_file(platform_id)
            if file.file_size and file.file_size > at_most:
                raise FetchError("too-large")
            content = bytes(await file.download_as_bytearray())
        except (TelegramError, KeyError) as error:
            sorted_error = error_of(error)
            if isinstance(sorted_error, Refused):
                raise FetchError(sorted_error.reason) from error
            wait = sorted_error.wait if isinstance(sorted_error, TryLater) else None
            raise TryLater(sorted_error.reason, wait=wait) from error
        if len(content) > at_most:
            raise FetchError("too-large")
        return content
