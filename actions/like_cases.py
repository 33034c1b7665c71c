"""What the bot asks of the desk before it opens a case: is the same reported already?"""

from __future__ import annotations

from typing import Protocol

import msgspec


class Repeat(msgspec.Struct, frozen=True, kw_only=True):
    """A case that is open and probably of the same issue; nothing in it is anybody's."""

    number: str
    accepted_on: str  # 2026-03-17
    state: str  # in words
    category: str = ""
    people: int = 1  # who reported it
    is_own: bool = False  # this citizen's own case, or one that they joined


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of the desk: the draft as far as it is compared, numbers starred out."""

    hotline: str
    text: str
    place: str = ""
    category: str = ""
    on: str = ""  # the day on which it is told
    citizen: int = 0  # the desk's own key; 0: not known yet


class Repeats(Protocol):
    def like(self, asked: Asked) -> Repeat | None:
        """The likeliest one, or nothing."""
        ...


class NoRepeats:
    """For a bot that has no desk to ask."""

    def like(self, asked: Asked) -> Repeat | None:
        return None
