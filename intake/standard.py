"""A category in the words of the standard: DB44/T 2479-2024, classification of hotline demands.

Our categories are finer where departments differ and coarser where they do not. Their codes let a
city report upwards, and let two cities compare. Codes and names are those of its first two levels.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import msgspec

_FILE = Path(__file__).with_suffix(".json")


class Class(msgspec.Struct, frozen=True):
    """A class of the second level."""

    code: str  # four digits, the first two of them those of the first level
    name: str  # 大类/小类


def class_of(category: str) -> Class | None:
    """Of one of our categories, of a name of the standard, or of its code; None of a city's own."""
    return _classes().get(category.strip())


def table() -> tuple[tuple[Class, tuple[str, ...]], ...]:
    """All of the second level by their codes, each with those of our categories that it holds."""
    rows = json.loads(_FILE.read_text(encoding="utf-8"))
    return tuple((Class(code, row["name"]), tuple(row["ours"])) for code, row in rows.items())


@cache
def _classes() -> dict[str, Class]:
    return {name: one for one, ours in table() for name in (one.code, one.name, *ours)}
