"""Every reading can show the words it rests on: offsets count code points of the text given."""

from __future__ import annotations

import re

import msgspec


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """One thing as read. ``start == end`` says that a rule set it and no stretch shows it."""

    value: str
    confidence: float  # 0 to 1
    start: int = 0
    end: int = 0

    @property
    def has_evidence(self) -> bool:
        return self.end > self.start

    def words(self, text: str) -> str:
        """The citizen's own words behind the value."""
        return text[self.start : self.end]


def found_at(
    match: re.Match[str], confidence: float, group: int | str = 0, *, value: str = ""
) -> Found:
    """What a match, or one of its groups, covers, as said, or what those words stand for."""
    return Found(
        value=value or match[group],
        confidence=confidence,
        start=match.start(group),
        end=match.end(group),
    )
