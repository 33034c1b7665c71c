"""Text as it comes from an address or a form, made fit for every database."""

from __future__ import annotations


def storable(text: str) -> str:
    """PostgreSQL refuses a NUL, which nobody types."""
    return text.replace("\x00", "")
