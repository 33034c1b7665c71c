"""What one step is: its row in the table, what it is given, and what it says it has done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from desk.cases.actors import Actor
from desk.cases.models import Case, State
from desk.workdays.calendar import Calendar


@dataclass(frozen=True)
class Taking:
    """A locked case, who takes the step, when, and by which calendar."""

    case: Case
    actor: Actor
    at: datetime
    calendar: Calendar


@dataclass(frozen=True)
class Done:
    note: str = ""
    state: State | None = None  # None: it stays
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    sources: tuple[State, ...]
    roles: frozenset[str]
    body: type[msgspec.Struct]
    carry_out: Callable[[Taking, Any], Done]
    # Why not now, though the state would allow it: None when it may be taken.
    hindrance: Callable[[Case, datetime, Calendar], str | None] = lambda _case, _at, _calendar: None
