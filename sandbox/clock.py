"""The platforms' clock: the real one, moved on when somebody lets the time pass.

Only the platforms' own book-keeping uses it (windows, tokens, kept files, what the phone shows).
What goes over the wire carries the real time, or each message would look like a replayed one.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def advance(self, span: timedelta) -> None:
        """Let `span` pass at once. Time never goes back."""
        if span < timedelta():
            raise ValueError("time does not go back")
        self._ahead += span
