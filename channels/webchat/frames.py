"""What goes over the socket, typed. A frame that fits none of these closes the connection."""

from __future__ import annotations

import hashlib
import re
from typing import Annotated

import msgspec

from channels.webchat.lines import Line

_Id = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
TEXT_LIMIT = 2000


class Hello(msgspec.Struct, frozen=True, tag="hello", tag_field="type"):
    """The first frame. The secret travels in it and never in an address, which gets logged."""

    secret: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{32}$")]
    after: Annotated[str, msgspec.Meta(pattern=r"^(\d{1,16}-\d{1,16})?$")] = ""


class Say(msgspec.Struct, frozen=True, tag="say", tag_field="type"):
    id: _Id
    text: str


class Choose(msgspec.Struct, frozen=True, tag="choose", tag_field="type"):
    id: _Id
    choice: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    label: Annotated[str, msgspec.Meta(max_length=200)] = ""


class Picture(msgspec.Struct, frozen=True, tag="picture", tag_field="type"):
    """Announces one: the next frame holds its bytes."""

    id: _Id


class Ping(msgspec.Struct, frozen=True, tag="ping", tag_field="type"):
    pass


type FromBrowser = Hello | Say | Choose | Picture | Ping


class Ready(msgspec.Struct, frozen=True, tag="ready", tag_field="type"):
    pass


class Said(msgspec.Struct, frozen=True, tag="lines", tag_field="type"):
    lines: list[Line]


class Ack(msgspec.Struct, frozen=True, tag="ack", tag_field="type"):
    id: str


class Nack(msgspec.Struct, frozen=True, tag="nack", tag_field="type"):
    """Not kept. `again`: the same may be sent once more."""

    id: str
    text: str
    again: bool = False


class Pong(msgspec.Struct, frozen=True, tag="pong", tag_field="type"):
    pass


type ToBrowser = Ready | Said | Ack | Nack | Pong

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[FromBrowser] = msgspec.json.Decoder(FromBrowser.__value__)


class NotAFrame(ValueError):
    pass


def read_frame(text: str) -> FromBrowser:
    try:
        return _decoder.decode(text)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise NotAFrame("not a frame") from error


def write_frame(frame: ToBrowser) -> str:
    return _encoder.encode(frame).decode()


def citizen_of(secret: str) -> str:
    """How a web citizen is named everywhere else: the secret itself is kept nowhere."""
    return "web-" + hashlib.sha256(secret.encode()).hexdigest()[:32]


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def cleaned(text: str) -> str:
    return _CONTROL.sub("", text).strip()
