"""What the sender needs of a channel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from wire.messages import Outbound, Part

BY_TEMPLATE = "template"


class Piece(NamedTuple):
    """What one call to the platform carries; `covers` of the Outbound's pieces go with it."""

    part: Part
    covers: int = 1


class Messenger(Protocol):
    """Sends to one account's citizens. `send` raises `channels.errors.SendError`.

    `send` returns how the piece went: `via`, or `BY_TEMPLATE` when a template message went out in
    its place and stands for the whole Outbound.
    """

    channel: str
    via: str  # api | socket
    repeatable: bool  # the platform drops a second one by itself

    async def pieces(self, outbound: Outbound, already_sent: int) -> Sequence[Piece]: ...

    async def send(self, outbound: Outbound, piece: Piece) -> str: ...


class Fetcher(Protocol):
    """Gets a citizen's file. Raises `FetchError`, or `TryLater` for what may work again."""

    async def fetch(self, platform_id: str, at_most: int) -> bytes: ...
