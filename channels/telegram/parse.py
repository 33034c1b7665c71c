"""A Telegram update, understood as an `Inbound`, or as something to be silent about.

Only private chats with people count. Whatever shape an update has, nothing but `NotAnUpdate` and
an answer comes out.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec
from telegram import Message, Update

from channels.accounts import TelegramAccount
from wire.messages import Inbound, InboundKind, Media

LONG_OPTION = "long:"  # callback data that stands for an option's id in Redis
_CORRECTION = "更正："
_START = "/start"


class NotAnUpdate(ValueError):
    """Asking again would bring the same: it is logged and acknowledged."""


class Understood(NamedTuple):
    inbound: Inbound | None
    callback_query: str = ""  # to be answered soon, or the button keeps turning


class _Content(NamedTuple):
    kind: InboundKind
    text: str = ""
    choice: str = ""
    media: tuple[Media, ...] = ()


def update_of(body: bytes, account: TelegramAccount, received_at: datetime) -> Understood:
    try:
        data: Any = msgspec.json.decode(body)
        if not isinstance(data, dict) or type(data.get("update_id")) is not int:
            raise NotAnUpdate("no update id")
        update = Update.de_json(data, None)
        return _understood(update, account, received_at)
    except (msgspec.DecodeError, TypeError, KeyError, ValueError, AttributeError) as error:
        if isinstance(error, NotAnUpdate):
            raise
        raise NotAnUpdate("not an update") from error


def _understood(update: Update, account: TelegramAccount, received_at: datetime) -> Understood:
    if update.callback_query is not None:
        query = update.callback_query
        message = query.message
        if query.from_user.is_bot or message is None or message.chat.type != "private":
            return Understood(None, query.id)
        tap = _Content(InboundKind.CHOICE, choice=query.data or "")
        inbound = _inbound(update, account, str(query.from_user.id), tap, received_at, received_at)
        return Understood(inbound if tap.choice else None, query.id)

    message = update.message or update.edited_message
    if message is None or message.chat.type != "private":
        return Understood(None)
    if message.from_user is None or message.from_user.is_bot:
        return Understood(None)
    content = _corrected(message) if update.edited_message else _content(message)
    if content is None:
        return Understood(None)
    sent_at = message.edit_date or message.date
    return Understood(
        _inbound(update, account, str(message.chat.id), content, sent_at, received_at)
    )


def _inbound(
    update: Update,
    account: TelegramAccount,
    citizen: str,
    content: _Content,
    sent_at: datetime,
    received_at: datetime,
) -> Inbound:
    return Inbound(
        account=account.id,
        channel=account.channel,
        hotline=account.hotline,
        external_id=citizen,
        # Ids jump after a quiet week and belong to a bot, so they are only compared for equality.
        message_id=f"{account.bot_id}-{update.update_id}",
        kind=content.kind,
        text=content.text,
        choice=content.choice,
        media=content.media,
        sent_at=sent_at.astimezone(UTC),
        received_at=received_at,
    )


def _corrected(message: Message) -> _Content | None:
    """What was edited is said anew. A moving position is edited all the time, and is not said."""
    text = message.text or message.caption
    return _Content(InboundKind.TEXT, _CORRECTION + text) if text else None


def _content(message: Message) -> _Content:
    if message.text:
        return _text(message.text)
    caption = message.caption or ""
    if message.photo:
        # Sizes of one picture, the largest last.
        return _Content(InboundKind.IMAGE, caption, media=_media(message.photo[-1].file_id))
    if message.document is not None:
        is_picture = (message.document.mime_type or "").startswith("image/")
        kind = InboundKind.IMAGE if is_picture else InboundKind.OTHER
        media = _media(message.document.file_id, "image" if is_picture else "file")
        return _Content(kind, caption, media=media)
    if message.voice is not None:
        return _Content(InboundKind.OTHER, caption, media=_media(message.voice.file_id, "voice"))
    if message.video is not None:
        return _Content(InboundKind.OTHER, caption, media=_media(message.video.file_id, "video"))
    if message.contact is not None:
        return _contact(message)
    if message.venue is not None:
        return _Content(InboundKind.OTHER, f"{message.venue.title} {message.venue.address}")
    if message.location is not None:
        spot = f"{message.location.latitude},{message.location.longitude}"
        return _Content(InboundKind.OTHER, spot)
    return _Content(InboundKind.OTHER, caption)


def _text(text: str) -> _Content:
    if text == _START or text.startswith(_START + " "):
        return _Content(InboundKind.FOLLOW, choice=text.removeprefix(_START).strip())
    return _Content(InboundKind.TEXT, text.strip()) if text.strip() else _Content(InboundKind.OTHER)


def _contact(message: Message) -> _Content:
    """A phone counts as the citizen's own only when the card is their own."""
    contact, sender = message.contact, message.from_user
    if contact and sender and contact.user_id == sender.id:
        return _Content(InboundKind.TEXT, contact.phone_number)
    return _Content(InboundKind.OTHER)


def _media(file_id: str, kind: str = "image") -> tuple[Media, ...]:
    return (Media(platform_id=file_id, kind=kind),)
