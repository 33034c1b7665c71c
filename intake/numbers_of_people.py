"""Phones, identity numbers and bank cards in a text, by shape.

Hiding must not depend on a check digit: a number with a typing error is still somebody's. So the
shapes are wide here, and only `person.identity` asks whether the digits add up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Full-width digits become plain ones without moving anything.
_PLAIN = str.maketrans("０１２３４５６７８９＋－（）　Ｘｘ", "0123456789+-() Xx")

_IDENTITY = re.compile(
    r"(?<![\dA-Za-z])[1-9]\d{5} ?(?:18|19|20)\d{2} ?(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d"
    r"|3[01]) ?\d{3}[\dXx](?!\d)"
    r"|(?<![\dA-Za-z])[1-9]\d{5}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)"
)
_CARD = re.compile(r"(?<!\d)(?:[1-9]\d{3}(?:[ -]\d{4}){3}(?:[ -]\d{1,3})?|[1-9]\d{14,18})(?!\d)")
_MOBILE = re.compile(r"(?<!\d)(?:\+?86[ -]?)?1[3-9](?:[ -]?\d){9}(?!\d)")
_LANDLINE = re.compile(
    r"(?<!\d)(?:\(0\d{2,3}\)|0\d{2,3}) ?-? ?\d{3,4}[ -]?\d{4}(?:-\d{1,4})?(?![ -]?\d)"
)
_LOCAL = re.compile(
    r"(?:电话|座机|号码|固话)[是为：: ]{0,2}(?P<number>[2-8]\d{2,3}[ -]?\d{4})(?!\d)"
)
# 幺三八零零幺三八零零零: as it is said, and often written by who speaks to their telephone.
_SPOKEN = re.compile(r"[一幺][三四五六七八九](?:[ -]?[零〇一幺二三四五六七八九]){9}")
_SPOKEN_DIGITS = str.maketrans("零〇一幺二三四五六七八九", "001123456789")


@dataclass(frozen=True, slots=True)
class PersonalNumber:
    kind: str  # identity | card | mobile | landline
    digits: str
    start: int
    end: int


def personal_numbers(text: str) -> list[PersonalNumber]:
    """All of them, in the order of the text, none over another."""
    plain = text.translate(_PLAIN)
    found: list[PersonalNumber] = []
    for kind, pattern in _SHAPES:
        for number in _matches(plain, kind, pattern):
            if all(number.end <= other.start or other.end <= number.start for other in found):
                found.append(number)
    return sorted(found, key=lambda number: number.start)


def _matches(plain: str, kind: str, pattern: re.Pattern[str]) -> Iterator[PersonalNumber]:
    for match in pattern.finditer(plain):
        group = "number" if kind == "landline" and pattern is _LOCAL else 0
        digits = re.sub(r"[^\dXx]", "", match[group].translate(_SPOKEN_DIGITS)).upper()
        if kind == "mobile":
            digits = digits[-11:]
        yield PersonalNumber(kind, digits, match.start(group), match.end(group))


_SHAPES = (
    ("identity", _IDENTITY),
    ("card", _CARD),
    ("mobile", _MOBILE),
    ("mobile", _SPOKEN),
    ("landline", _LANDLINE),
    ("landline", _LOCAL),
)
