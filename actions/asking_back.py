"""Asking back for the one thing that tells entries apart: 您是本市户籍还是外地户籍？

A value is tapped, or typed as people say it: 外地的. What says more is a question of its own.
"""

from __future__ import annotations

from actions.knowledge import AskedBack
from actions.options import ENTRY, NONE, of_entry
from actions.protocol import Reply, Turn
from kb_index.facets import is_value, label_said


def asked(back: AskedBack) -> Reply:
    options = tuple(of_entry(entry.external_id, label) for label, entry in back.ways)
    return Reply(text=back.question, options=(*options, NONE))


def value_said(turn: Turn) -> str | None:
    """The option whose value this is; None when it says anything more."""
    return _option(turn, is_all=True)


def value_named(turn: Turn) -> str | None:
    """The option whose value is said somewhere in a question that says more."""
    return _option(turn, is_all=False)


def _option(turn: Turn, *, is_all: bool) -> str | None:
    ways = {
        option.label: option.id
        for option in turn.offered
        if option.id.startswith(ENTRY) and is_value(option.label)
    }
    label = label_said(turn.text, ways, is_all=is_all) if ways else None
    return ways[label] if label else None
