"""The channel accounts as the desk tells them: which account is which line's.

`channels.toml` belongs to the channels and holds secrets: read here are the names alone.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Account:
    id: str
    channel: str
    hotline: str


class UnreadableAccounts(Exception):
    """The file is away or no TOML."""


def accounts(file: Path) -> Sequence[Account]:
    """Raises `UnreadableAccounts`."""
    try:
        tables = tomllib.loads(file.read_text("utf-8")).get("account", [])
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnreadableAccounts(str(file)) from error
    return [
        Account(*(str(table.get(key, "")) for key in ("id", "channel", "hotline")))
        for table in tables
        if isinstance(table, dict)
    ]
