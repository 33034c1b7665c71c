"""One way of writing for what can be written in several.

Width, case, traditional characters and numerals: queries and articles go through the same door, so
a conversion that is wrong in a rare sentence is wrong on both sides and still matches.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

import opencc

DIGITS = {
    **{char: value for value, char in enumerate("零一二三四五六七八九")},
    "〇": 0,
    "两": 2,
}
MULTIPLIERS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
NUMERALS = "".join([*DIGITS, *MULTIPLIERS])
# A lone numeral is mostly part of a word (统一, 万一); before a unit it is a number.
NUMBER = re.compile(rf"[{NUMERALS}]{{2,}}|[{NUMERALS}](?=[岁年月日号天周元块次人胎孩级套])")

_simplified = opencc.OpenCC("t2s")


def _read_traditional() -> frozenset[str]:
    """The characters that a conversion can change: most texts hold none and need none."""
    table = Path(opencc.__file__).parent / "dictionary" / "TSCharacters.txt"
    return frozenset(line[0] for line in table.read_text(encoding="utf-8").splitlines() if line)


_traditional = _read_traditional()


@lru_cache(maxsize=20_000)
def normalise(text: str) -> str:
    """Half width, lower case, simplified, numbers in digits."""
    text = unicodedata.normalize("NFKC", text).lower()
    if not _traditional.isdisjoint(text):
        text = _simplified.convert(text)
    return NUMBER.sub(lambda found: _in_digits(found.group()), text)


def _in_digits(numerals: str) -> str:
    """十八 → 18, 两百 → 200, 一二三四五 → 12345; what is no number stays."""
    if not any(char in MULTIPLIERS for char in numerals):
        return "".join(str(DIGITS[char]) for char in numerals)
    if numerals[0] in MULTIPLIERS and numerals[0] != "十":
        return numerals  # 千万, 万一: words, not figures
    total, section, digit = 0, 0, 0
    for char in numerals:
        if char in DIGITS:
            digit = DIGITS[char]
        elif MULTIPLIERS[char] < 10_000:
            section += (digit or 1) * MULTIPLIERS[char]
            digit = 0
        else:
            total += (section + digit or 1) * MULTIPLIERS[char]
            section, digit = 0, 0
    return str(total + section + digit)
