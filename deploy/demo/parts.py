"""What a part of the demo is: a process, when it may start, and how to see that it is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from deploy.demo.readiness import Check


@dataclass(frozen=True, kw_only=True)
class Part:
    """One process of the demo."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    alive: Check  # the parts that come after it may start
    ready: Check | None = None  # it has all it needs itself; asked once everything is alive
    after: frozenset[str] = frozenset()
    needed: bool = True  # False: Qianmen is ready without it when it cannot be started
    user: str | None = None  # only root can give a part to somebody else
    grace: float = 6.0  # seconds to end by itself when asked


def in_waves(parts: Iterable[Part]) -> list[list[Part]]:
    """The parts by the order in which they start: nothing stands before what it comes after."""
    waiting = {part.name: part for part in parts}
    waves: list[list[Part]] = []
    while waiting:
        wave = [part for part in waiting.values() if not part.after & waiting.keys()]
        if not wave:
            raise ValueError(f"these parts wait for each other: {', '.join(waiting)}")
        waves.append(wave)
        for part in wave:
            del waiting[part.name]
    return waves
