"""Cutting a long text where a reader would pause, never inside a word, a number or an address."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

_JOINERS = frozenset("\u200d\ufe0f\ufe0e")
# A number, an address or a word in Latin letters is never cut, whatever stands in it.
_WHOLE = re.compile(r"[!-~]+")
_GOOD_ENDS = ("\n\n", "\n", "。！？!?；;", "，、, ")


class Measure(NamedTuple):
    """How a platform counts a text: in units of `unit` bytes of an encoding."""

    encoding: str
    unit: int

    def of(self, text: str) -> int:
        return len(text.encode(self.encoding)) // self.unit

    def fitting(self, text: str, limit: int) -> int:
        """How many characters from the start are within the limit."""
        head = text.encode(self.encoding)[: limit * self.unit]
        return len(head.decode(self.encoding, errors="ignore"))


BYTES = Measure("utf-8", 1)
UTF16_UNITS = Measure("utf-16-le", 2)


def cut(text: str, limit: int, measure: Measure = BYTES) -> list[str]:
    """The text in pieces within the limit; one word longer than it is cut all the same."""
    pieces = []
    rest = text.strip()
    while measure.of(rest) > limit:
        place = _place(rest, measure.fitting(rest, limit))
        pieces.append(rest[:place].rstrip())
        rest = rest[place:].lstrip()
    return [*pieces, rest] if rest else pieces


def _place(text: str, fits: int) -> int:
    for ends in _GOOD_ENDS:
        place = _after_last(text, ends, fits)
        if place > fits // 2:
            return place
    place = _outside_whole(text, fits)
    while 0 < place < len(text) and _belongs_to_previous(text, place):
        place -= 1
    return place or fits


def _after_last(text: str, ends: str, fits: int) -> int:
    candidates = [ends] if ends.startswith("\n") else list(ends)
    best = 0
    for end in candidates:
        start = fits
        while (found := text.rfind(end, 0, start)) >= 0:
            place = found + len(end)
            if _outside_whole(text, place) == place:
                best = max(best, place)
                break
            start = found
    return best


def _outside_whole(text: str, place: int) -> int:
    """`place`, or the start of the word, number or address that it would fall into."""
    start = place
    while start > 0 and _WHOLE.match(text[start - 1]):
        start -= 1
    inside = start < place < len(text) and _WHOLE.match(text[place])
    return start if inside and start > 0 else place


def _belongs_to_previous(text: str, place: int) -> bool:
    return (
        text[place] in _JOINERS
        or text[place - 1] == "\u200d"
        or bool(unicodedata.combining(text[place]))
    )
