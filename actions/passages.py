"""What is shown of an answer that is too long for one message: the passage that was asked for.

It stands word for word, with … where something is left out; the whole is one tap away.
"""

from __future__ import annotations

from typing import NamedTuple

from actions.knowledge import Entry, Passage
from actions.options import of_entry
from actions.protocol import Option

WHOLE = "看全文"
SHOWN_WHOLE = 600  # characters: with its source, what one message of WeChat holds
LEFT_OUT = "…"


class Shown(NamedTuple):
    """What stands in the message: all of an answer, or what is quoted of it with its gaps."""

    text: str
    quoted: str = ""
    options: tuple[Option, ...] = ()  # the way to what is left out


def shown(entry: Entry) -> Shown:
    passage = entry.passage
    if passage is None or len(entry.answer) <= SHOWN_WHOLE:
        return Shown(entry.answer)
    whole = of_entry(entry.external_id, WHOLE)
    return Shown(_with_gaps(entry.answer, passage), passage.text, (whole,))


def _with_gaps(answer: str, passage: Passage) -> str:
    before = LEFT_OUT if answer[: passage.start].strip() else ""
    after = LEFT_OUT if answer[passage.end :].strip() else ""
    return f"{before}{passage.text}{after}"
