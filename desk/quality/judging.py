"""What an answer to a question of the set is worth, and what it is beside the former one.

Plain values in and out: no database, no index.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from kb_index.decision import Outcome


class Verdict(TextChoices):
    RIGHT = "right", _("Right")
    OFFERED = "offered", _("On the choice")
    WRONG = "wrong", _("Wrong answer")
    WRONG_MENU = "wrong_menu", _("Not on the choice")
    MISSED = "missed", _("Not found")


_OFFERED = frozenset({Outcome.MENU, Outcome.ASK_BACK})


class Change(TextChoices):
    FIRST = "first", _("First time")  # or its words have changed
    SAME = "same", _("As before")
    OTHER = "other", _("Another answer")
    LOST = "lost", _("No answer any more")
    FOUND = "found", _("An answer now")


@dataclass(frozen=True)
class Told:
    """What a citizen is told: the one entry, two or three to choose from, or none."""

    outcome: str
    entries: tuple[str, ...]


_WORTH = {
    Verdict.RIGHT: 2,
    Verdict.OFFERED: 1,
    Verdict.MISSED: 0,
    Verdict.WRONG_MENU: 0,
    Verdict.WRONG: -1,  # worse than saying that nothing is known
}


def judge(told: Told, expected: str) -> Verdict:
    """`expected` empty: nothing should be answered, and nothing offered."""
    if told.outcome == Outcome.ANSWERED:
        return Verdict.RIGHT if expected and told.entries[:1] == (expected,) else Verdict.WRONG
    if told.outcome in _OFFERED:
        return Verdict.OFFERED if expected and expected in told.entries else Verdict.WRONG_MENU
    return Verdict.MISSED if expected else Verdict.RIGHT


def compare(now: Told, before: Told | None) -> Change:
    """The order of a menu is no change."""
    if before is None:
        return Change.FIRST
    if now.outcome == before.outcome and set(now.entries) == set(before.entries):
        return Change.SAME
    if not now.entries:
        return Change.LOST
    return Change.OTHER if before.entries else Change.FOUND


def is_worse(now: Verdict, before: Verdict | None) -> bool:
    return before is not None and _WORTH[now] < _WORTH[before]


def needs_a_look(verdict: Verdict, before: Verdict | None, *, guarded: bool) -> bool:
    """A guarded question has to be right; of the others only what has become worse counts."""
    return (guarded and verdict is not Verdict.RIGHT) or is_worse(verdict, before)
