"""The three messages that cross between channels and desk.

Encoded as JSON under the single stream field ``m``. Times are aware and in UTC. A body that does
not fit its type raises `NotAMessage`; nothing else escapes.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec


class NotAMessage(ValueError):
    """A stream entry that is not what its stream carries; it will never become one."""


class InboundKind(StrEnum):
    TEXT = "text"
    IMAGE = "image"
    CHOICE = "choice"  # a tap on something that we offered; `choice` names it
    FOLLOW = "follow"  # subscribe, /start, the web page's first visit
    OTHER = "other"  # voice, location, sticker: said so, kept, not understood


class Media(msgspec.Struct, frozen=True, kw_only=True):
    """A file as its platform names it; it is downloaded after the message is safe."""

    platform_id: str
    kind: str = "image"
    key: str = ""  # where it is kept under MEDIA_URL, once it has been fetched


class Inbound(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a citizen did, as the gateway understood it."""

    account: str  # id in channels.toml
    channel: str  # wechat | telegram | webchat
    hotline: str
    external_id: str  # the citizen, as this account's platform names them
    message_id: str  # the platform's own id, or one made of what identifies an event
    kind: InboundKind
    text: str = ""
    choice: str = ""
    media: tuple[Media, ...] = ()
    sent_at: datetime  # the platform's time
    received_at: datetime  # ours
    reply_by: datetime | None = None  # until when the gateway can answer in the same exchange


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """Something that the citizen can tap; comes back as `Inbound.choice`."""

    id: str
    label: str


class File(msgspec.Struct, frozen=True, kw_only=True):
    """A picture or paper from us, kept under MEDIA_URL; citizens may read it by its key."""

    key: str
    kind: str  # image | file
    name: str  # as the citizen sees it
    content_type: str
    size: int  # bytes


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One bubble. The channel splits it further when its platform's limit asks for that.

    A part with a file has neither text nor options.
    """

    text: str = ""
    options: tuple[Option, ...] = ()
    file: File | None = None


class Template(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in for an Outbound where a platform takes ordinary words no longer.

    `name` is a key of the account's templates. The account says which field of its template each
    value goes into; `about` and the others are shortened by the channel to what a field takes.
    """

    name: str
    number: str  # of the case
    about: str
    stage: str
    at: datetime
    url: str = ""


class Outbound(msgspec.Struct, frozen=True, kw_only=True):
    """All that is said to a citizen at once: a bot's turn, an agent's reply or a system line.

    An empty `parts` means *nothing to say*: the gateway ends the exchange without a reply.
    """

    id: str
    account: str
    external_id: str
    conversation: str  # whose owner it depends on; a notice, which depends on none, has its own id
    epoch: int  # owner epoch at writing; the sender drops what is older than the mirror
    author: str  # bot | agent | system
    parts: tuple[Part, ...] = ()
    in_reply_to: str = ""  # Inbound.message_id
    reply_by: datetime | None = None
    template: Template | None = None


class DeliveryState(StrEnum):
    SENT = "sent"
    REFUSED = "refused"  # the platform said no; `reason` says why
    UNKNOWN = "unknown"  # it may have arrived; never sent again by itself
    SUPERSEDED = "superseded"  # the owner changed before it was sent


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an Outbound."""

    outbound: str
    state: DeliveryState
    at: datetime
    via: str = ""  # passive | api | socket | template
    reason: str = ""  # a platform's code, never its text: texts can hold secrets


class MediaFetched(msgspec.Struct, frozen=True, kw_only=True):
    """A citizen's file is kept now (`key`), or cannot be had (`reason`)."""

    account: str
    message_id: str
    platform_id: str
    key: str = ""
    content_type: str = ""
    size: int = 0
    reason: str = ""


type Message = Inbound | Outbound | Delivery | MediaFetched

FIELD = b"m"
# What an entry of the deliveries' stream is.
TYPE_FIELD = b"t"
IS_DELIVERY = b"delivery"
IS_MEDIA = b"media"
_encoder = msgspec.json.Encoder()


def encode(message: Message) -> bytes:
    return _encoder.encode(message)


def decode[T: (Inbound, Outbound, Delivery, MediaFetched)](body: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise NotAMessage(f"not a {kind.__name__}") from error
