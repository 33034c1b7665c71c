"""Why a platform did not take what we sent, typed by what to do next.

`reason` is a platform's code or a word of ours, never a platform's text: texts can hold secrets.
"""

from __future__ import annotations


class SendError(Exception):
    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class Refused(SendError):
    """Never: the citizen blocked us, the reply window has closed, the content does not fit."""


class Misconfigured(Refused):
    """Never, and for no citizen of this account, until somebody mends it: raise an alarm."""


class TryLater(SendError):
    """It was surely not taken; again after `wait` seconds, or after a wait of our own."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        self.wait = wait
        super().__init__(reason)


class Unknown(SendError):
    """Perhaps it was taken: no clear answer. Never sent again by itself."""


class FetchError(Exception):
    """A citizen's file cannot be had; `reason` is told to the desk."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)
