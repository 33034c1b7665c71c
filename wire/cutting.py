"""Cutting a long text where a reader would pause, never inside a character, number or address."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from typing import NamedTuple

import regex

_CHARACTER = regex.compile(r"\X")  # as a reader sees it: a family of emoji, a letter with its marks
# What stays in one piece: a word or an address in Latin letters, whatever stands in it; a number
# with its parts (1,234.5 · 010-8888 6666 · 9:00—12:00 · 2026年11月24日 · 三十五万).
_WHOLE = (
    regex.compile(r"[!-~]+"),
    regex.compile(
        r"""
        〔? (?: \p{Nd}+ (?: [ ]?[.,:/+×~－—–‑．：／-][ ]? | [年月日时分号〕] | [ ] )? )*
        \p{Nd}+ (?: [年月日时分号元] | \.?[十百千万亿]+ | [%％‰℃] )*
        """,
        regex.VERBOSE,
    ),
    regex.compile(r"[〇零一二三四五六七八九十百千万亿两]{2,}"),
)
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
    characters = _ends_of_characters(text, fits)
    inside = {place for whole in _WHOLE for place in _inside(whole, text, fits)}
    places = [place for place in characters if place not in inside]
    for ends in _GOOD_ENDS:
        good = [place for place in places if text.endswith(tuple(_each(ends)), 0, place)]
        if good and good[-1] > fits // 2:
            return good[-1]
    # A word that fills the whole piece is cut between characters; a character, if it must be.
    return (places or characters or [fits])[-1]


def _each(ends: str) -> list[str]:
    return [ends] if ends.startswith("\n") else list(ends)


def _ends_of_characters(text: str, fits: int) -> list[int]:
    ends = (found.end() for found in _CHARACTER.finditer(text))
    return list(takewhile(lambda end: end <= fits, ends))


def _inside(whole: regex.Pattern[str], text: str, fits: int) -> Iterator[int]:
    found = takewhile(lambda match: match.start() < fits, whole.finditer(text))
    return (place for match in found for place in range(match.start() + 1, match.end()))
