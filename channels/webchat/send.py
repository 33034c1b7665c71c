"""Sending to a web citizen: onto their stream, all at once, and only the first time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from channels.port import Piece
from channels.webchat.lines import Line, Lines
from wire.messages import Outbound, Part


class WebMessenger:
    channel = "webchat"
    via = "socket"
    repeatable = True

    def __init__(self, lines: Lines) -> None:
        self._lines = lines

    async def pieces(self, outbound: Outbound, already_sent: int) -> Sequence[Piece]:
        count = len(outbound.parts)
        return [Piece(Part(text=""), covers=count)] if already_sent < count else []

    async def send(self, outbound: Outbound, piece: Piece) -> str:
        line = Line(id=outbound.id, who=outbound.author, parts=outbound.parts, at=datetime.now(UTC))
        await self._lines.put(outbound.account, outbound.external_id, line)
        return self.via
