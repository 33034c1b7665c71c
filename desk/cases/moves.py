"""From line to line: what a case's history says of its transfers, with the lines' names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from desk.cases.models import CaseEvent
from desk.people.models import Hotline


@dataclass(frozen=True)
class Move:
    source: str  # the line's name; its code when there is no such line any more
    to: str
    at: datetime


def moves_of(events: Iterable[CaseEvent]) -> list[Move]:
    """The transfers among the events, the last one last; no query without one."""
    found = sorted(
        (event for event in events if event.kind == "transfer"),
        key=lambda event: (event.at, event.pk),
    )
    if not found:
        return []
    codes = {code for event in found for code in in_codes(event)}
    names = {line.code: str(line) for line in Hotline.objects.filter(code__in=codes)}
    return [
        Move(names.get(source, source), names.get(to, to), event.at)
        for event in found
        for source, to in [in_codes(event)]
    ]


def in_codes(event: CaseEvent) -> tuple[str, str]:
    """From where, to where."""
    return str(event.data.get("from", "")), str(event.data.get("to", ""))
