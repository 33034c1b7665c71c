"""The files around the embedded engine's generations: replaced whole, or found in the making."""

from __future__ import annotations

import os
import time
from pathlib import Path
from uuid import uuid4

BUILT_WITHIN = 24 * 3600.0  # seconds


def replace_durably(path: Path, body: bytes) -> None:
    """In one step: readers see the old file or the new one."""
    fresh = path.with_name(f"{path.name}.{uuid4().hex[:12]}")
    with fresh.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def being_built(directory: Path) -> bool:
    """By a process that is at it. What a crash left is old by now."""
    try:
        begun = (directory / "building").stat().st_mtime
    except FileNotFoundError:
        return False
    return time.time() - begun < BUILT_WITHIN
