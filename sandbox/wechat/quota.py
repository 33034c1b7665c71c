"""How many customer-service messages an account may send a citizen, and until when.

How overlapping grants combine is not documented. Here a new grant replaces an older one of the
same ground, different grounds stand side by side, and the one that ends first is spent first.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec

from sandbox.wechat.errors import Refusal


class Ground(StrEnum):
    MESSAGE = "message"
    MENU_CLICK = "menu_click"
    MENU_TAP = "menu_tap"  # a msgmenu's link: arrives as a text, but grants only this
    FOLLOW = "follow"
    SCAN = "scan"


GRANTS = {
    Ground.MESSAGE: (5, timedelta(hours=48)),
    Ground.MENU_CLICK: (3, timedelta(minutes=1)),
    Ground.MENU_TAP: (3, timedelta(minutes=1)),
    Ground.FOLLOW: (3, timedelta(minutes=1)),
    Ground.SCAN: (3, timedelta(minutes=1)),
}


class Grant(msgspec.Struct):
    left: int
    ends: datetime


class Allowance:
    def __init__(self, grants: dict[Ground, Grant] | None = None) -> None:
        self.grants = grants or {}

    def open(self, ground: Ground, now: datetime) -> None:
        count, span = GRANTS[ground]
        self.grants[ground] = Grant(count, now + span)

    def close(self) -> None:
        """The citizen stopped following: nothing may be sent any more."""
        self.grants.clear()

    def spend(self, now: datetime) -> None:
        """Use one message up; 45015 outside every window, 45047 when the window is used up."""
        grants = self._open(now)
        if not grants:
            raise Refusal(45015)
        usable = [grant for grant in grants if grant.left]
        if not usable:
            raise Refusal(45047)
        min(usable, key=lambda grant: grant.ends).left -= 1

    def left(self, now: datetime) -> int:
        return sum(grant.left for grant in self._open(now))

    def standing(self, now: datetime) -> list[dict[str, Any]]:
        """What is left and until when, the last to end first."""
        grants = sorted(self._open(now), key=lambda grant: grant.ends, reverse=True)
        return [{"left": grant.left, "until": grant.ends} for grant in grants]

    def _open(self, now: datetime) -> list[Grant]:
        return [grant for grant in self.grants.values() if grant.ends > now]
