"""WeChat's XML, understood as an `Inbound`, or as something to be silent about."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from channels.accounts import WeChatAccount
from wire.messages import Inbound, InboundKind, Media

# What a sticker, a file or anything unknown to the account arrives as.
_UNSUPPORTED = "【收到不支持的消息类型"
_SCENE = "qrscene_"
_CHOICES = frozenset({"CLICK", "SCAN"})
_KEPT_TEXT = 4000


class BrokenXml(ValueError):
    """Not XML that WeChat would send."""


class Grant(NamedTuple):
    """What an act of the citizen allows us to send through the API, and for how long."""

    name: str
    messages: int
    lasts: timedelta


class Push(NamedTuple):
    """One push: `inbound` is None when there is nothing for the hotline in it."""

    citizen: str
    account_name: str
    inbound: Inbound | None
    grant: Grant | None
    event: str = ""


BY_MESSAGE = Grant("message", 5, timedelta(hours=48))
BY_TAP = Grant("tap", 3, timedelta(minutes=1))


def fields_of(body: bytes) -> dict[str, str]:
    """The flat fields of a push. A repeated or nested one counts as broken or is left out."""
    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise BrokenXml("not XML") from error
    if root.tag != "xml":
        raise BrokenXml("not a push")
    fields: dict[str, str] = {}
    for child in root:
        if child.tag in fields:
            raise BrokenXml("a field twice")
        if len(child) == 0:
            fields[child.tag] = child.text or ""
    return fields


def push_of(
    fields: Mapping[str, str], account: WeChatAccount, received_at: datetime, reply_by: datetime
) -> Push:
    """Raises `BrokenXml` when what every push has is missing."""
    citizen, kind = fields.get("FromUserName", ""), fields.get("MsgType", "")
    created = fields.get("CreateTime", "")
    if not citizen or not kind or not (created.isascii() and created.isdigit()):
        raise BrokenXml("no sender, type or time")
    event = fields.get("Event", "") if kind == "event" else ""
    account_name = fields.get("ToUserName", "")
    understood = _event(fields) if kind == "event" else _message(fields, kind)
    if understood is None:
        return Push(citizen, account_name, None, None, event)

    message_id = fields.get("MsgId", "") if kind != "event" else _event_id(fields)
    if not message_id or len(message_id) > 128:
        raise BrokenXml("no message id")
    inbound = Inbound(
        account=account.id,
        channel=account.channel,
        hotline=account.hotline,
        external_id=citizen,
        message_id=message_id,
        kind=understood.kind,
        text=understood.text[:_KEPT_TEXT],
        choice=understood.choice,
        media=understood.media,
        sent_at=_time(created, received_at),
        received_at=received_at,
        reply_by=reply_by,
    )
    # The documents give a tap on a msgmenu only what a tap on the menu gives.
    tapped = kind == "event" or understood.kind is InboundKind.CHOICE
    return Push(citizen, account_name, inbound, BY_TAP if tapped else BY_MESSAGE, event)


class _Understood(NamedTuple):
    kind: InboundKind
    text: str = ""
    choice: str = ""
    media: tuple[Media, ...] = ()


def _message(fields: Mapping[str, str], kind: str) -> _Understood:
    media_id = fields.get("MediaId", "")
    media = (Media(platform_id=media_id, kind=kind),) if media_id else ()
    if kind == "text":
        text = fields.get("Content", "").strip()
        tapped = fields.get("bizmsgmenuid", "")
        if tapped:
            return _Understood(InboundKind.CHOICE, text, tapped)
        if not text or text.startswith(_UNSUPPORTED):
            return _Understood(InboundKind.OTHER)
        return _Understood(InboundKind.TEXT, text)
    if kind == "image":
        return _Understood(InboundKind.IMAGE, media=media)
    if kind == "voice":
        clear = fields.get("MediaId16K", "") or media_id  # 16 kHz is what recognition wants
        voice = (Media(platform_id=clear, kind="voice"),) if clear else ()
        return _Understood(InboundKind.OTHER, fields.get("Recognition", "").strip(), media=voice)
    if kind == "location":
        label = fields.get("Label", "").strip()
        spot = f"{fields.get('Location_X', '')},{fields.get('Location_Y', '')}"
        return _Understood(InboundKind.OTHER, f"{label} ({spot})".strip())
    if kind == "link":
        title, url = fields.get("Title", "").strip(), fields.get("Url", "").strip()
        return _Understood(InboundKind.OTHER, f"{title} {url}".strip())
    return _Understood(InboundKind.OTHER, media=media)


def _event(fields: Mapping[str, str]) -> _Understood | None:
    event, event_key = fields.get("Event", ""), fields.get("EventKey", "")
    if event == "subscribe":
        return _Understood(InboundKind.FOLLOW, choice=event_key.removeprefix(_SCENE))
    if event in _CHOICES:
        return _Understood(InboundKind.CHOICE, choice=event_key)
    return None  # reports of position, links opened, results of templates


def _event_id(fields: Mapping[str, str]) -> str:
    """Events have no id; seconds alone would merge two different events."""
    parts = (fields.get(name, "") for name in ("FromUserName", "CreateTime", "Event", "EventKey"))
    return "event-" + hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def _time(created: str, received_at: datetime) -> datetime:
    try:
        return datetime.fromtimestamp(int(created), UTC)
    except (ValueError, OverflowError, OSError):
        return received_at
