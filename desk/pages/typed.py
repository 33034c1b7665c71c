"""Text as it comes from an address or a form, made fit for every database."""

from __future__ import annotations


def whole_number(text: str | None, digits: int = 17) -> int | None:
    """The number that an address or a form holds; None for what is none, or has more digits than
    any that could be meant."""
    if text is None or not text.isdecimal() or len(text) > digits:
        return None
    return int(text)


def storable(text: str) -> str:
    """PostgreSQL refuses a NUL, which nobody types."""
    return text.replace("\x00", "")
