"""What was counted in the very state of the database that went into an archive."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Snapshot:
    rows: dict[str, int]
    migrations: list[str]
