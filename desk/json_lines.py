"""Files of JSON lines that the evaluation commands read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError


def lines_of(file: Path) -> list[dict[str, Any]]:
    """The objects of a JSON lines file; `CommandError` names the first line that is not one."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file} cannot be read: {error}") from error
    lines = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except ValueError as error:
            raise CommandError(f"{file}, line {number}: not JSON ({error})") from error
        if not isinstance(value, dict):
            raise CommandError(f"{file}, line {number}: not an object")
        lines.append(value)
    return lines
