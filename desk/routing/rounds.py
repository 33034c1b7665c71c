"""What the worker does for those who wait, each second. Any number of workers may."""

from __future__ import annotations

from desk.routing.assigning import assign_waiting
from desk.routing.overflow import overflow_waiting
from desk.routing.silence import watch_agents
from desk.routing.unattended import tell_waiting


def every_second() -> None:
    watch_agents()
    assign_waiting()
    overflow_waiting()
    tell_waiting()
