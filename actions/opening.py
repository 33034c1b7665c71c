"""Opens what the bot looks things up in: the knowledge index and the reader of a citizen's words.

Opening loads what the first citizen would otherwise wait for; it waits for no other process.
"""

from __future__ import annotations

from pathlib import Path

from actions.desk_repeats import DeskRepeats
from actions.intake_reader import IntakeReader
from actions.library import Library
from actions.like_cases import NoRepeats


def open_library(home: Path, elasticsearch_url: str, encoder: str, desk: str = "") -> Library:
    """The library of a process. Safe for threads."""
    from actions.indexed import IndexedKnowledge  # numpy and the engine: not for tests of the rules

    reader = IntakeReader(home)
    reader.warm()
    return Library(
        knowledge=IndexedKnowledge.open(home, elasticsearch_url, encoder),
        reader=reader,
        repeats=DeskRepeats(desk) if desk else NoRepeats(),
    )
