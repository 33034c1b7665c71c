"""Which events an endpoint may ask for: the history's own words."""

from __future__ import annotations

from desk.cases.history import EVENTS
from desk.cases.steps import STEPS

TEST = "test"


def kinds() -> list[str]:
    """Steps first, as the standard has them; then what happens by itself or beside them."""
    return ["accepted", *STEPS, *(kind for kind in EVENTS if kind != "accepted")]
