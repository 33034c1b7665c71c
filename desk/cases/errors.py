"""Why a step of a case was not taken; the message is for the person who tried."""

from __future__ import annotations


class WrongStep(Exception):
    """The step cannot be taken; then nothing has changed."""


class IllegalStep(WrongStep):
    """Not from this state, or not by this role. `legal` names the steps that are."""

    def __init__(self, message: str, legal: list[str]) -> None:
        super().__init__(message)
        self.legal = legal


class BadBody(WrongStep):
    """Something that the step needs is missing or unknown; `field` names it, where it is one."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field
