"""Why something about a review was not done; then nothing has changed."""

from __future__ import annotations

from enum import StrEnum


class Problem(StrEnum):
    NOT_YOURS = "not_yours"  # no right to, or another agent's
    OWN_TALK = "own_talk"  # nobody scores their own
    NOT_NOW = "not_now"  # not in this state
    CHANGED = "changed"  # by somebody else, since it was read
    INCOMPLETE = "incomplete"  # a criterion is missing, or has more points than there are
    NO_REASON = "no_reason"
    TOO_LONG = "too_long"
    TOO_LATE = "too_late"  # the days to answer back are over
    ANSWERED = "answered"  # once is all
    FUTURE = "future"  # the month has not begun


class NotDone(Exception):
    """The review stays as it was."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem
