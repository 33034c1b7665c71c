"""Hours of the day as people say them: 晚上11点半, 凌晨两点, 22:40, 下午3点多."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from intake.numerals import number

_DAYPART = (
    r"(?P<part>凌晨|清晨|清早|一大早|大早上|早上|早晨|早间|上午|中午|正午|午后|下午|傍晚|晚上"
    r"|晚间|夜晚|夜里|夜间|半夜三更|大半夜|后半夜|大晚上"
    r"|半夜|深夜|午夜|早|晚|夜)"
)
_HOUR = r"(?P<hour>[0-2]?[0-9]|二十[一二三四]?|十[一二三四五六七八九]?|[零一二两三四五六七八九])"
_CLOCK = re.compile(
    rf"(?:{_DAYPART}(?:大概|大约|将近|快|差不多|的时候|的)?\s?)?"
    rf"(?<![\d.:：])(?:(?P<h>[01]?\d|2[0-4])\s?[:：]\s?(?P<m>[0-5]\d)(?![\d])"
    rf"|{_HOUR}(?:点钟?|时(?![间候刻不常段]))"
    r"(?:(?P<half>半)|(?P<quarter>[一三])刻|(?P<minute>[0-5]?\d"
    r"|[零一二三四五]?十?[一二三四五六七八九十])分(?!钟)"
    r"|(?P<bare>[0-5]\d|[二三四五]十[一二三四五六七八九]?|十[一二三四五六七八九])"
    r"(?![\d个元块人米分多几天年层号位只条次来岁]))?)"
)
_ONLY_PART = re.compile(_DAYPART + r"(?![点饭餐一二三四五六七八九十\d])")
_LEAD = re.compile(r"(?:的|，|,|\s|（|\()?")
_RANGE = re.compile(r"\s?(?:多|左右)?\s?(?:到|至|[-—~～])")
_NIGHT = frozenset(
    (
        "晚上",
        "晚间",
        "夜晚",
        "夜里",
        "夜间",
        "半夜三更",
        "大半夜",
        "后半夜",
        "半夜",
        "深夜",
        "午夜",
        "大晚上",
        "晚",
        "夜",
    )
)
_AFTERNOON = frozenset(("下午", "午后", "傍晚"))


@dataclass(frozen=True, slots=True)
class Clock:
    """`hour` is ``None`` when only a part of the day is said."""

    hour: int | None
    minute: int | None
    part: str
    start: int
    end: int
    is_range: bool = False

    @property
    def is_night(self) -> bool:
        return self.part in _NIGHT

    @property
    def has_daypart(self) -> bool:
        return bool(self.part)

    def moved(self, by: int) -> Clock:
        return replace(self, start=self.start + by, end=self.end + by)

    def on_24(self, *, is_night: bool) -> tuple[int, bool]:
        """The hour of 24, and whether it falls on the day after the night began."""
        hour = self.hour or 0
        if hour >= 13:
            return (0, True) if hour == 24 else (hour, False)
        if self.part in _AFTERNOON:
            return (hour % 12 + 12, False)
        if self.part in ("中午", "正午"):
            return (hour + 12 if hour < 4 else hour, False)
        if is_night and self.part not in ("凌晨", "早上", "早晨", "清晨", "上午"):
            return (hour % 12 + 12, False) if 5 <= hour <= 11 else (hour % 12, True)
        if not self.part and self.minute is None and 1 <= hour <= 6:
            return (hour + 12, False)  # nobody says "at three" for the small hours
        return (hour % 12 if self.part == "凌晨" else hour, False)


def clocks(text: str) -> Iterator[Clock]:
    """Every hour that the text names."""
    for match in _CLOCK.finditer(text):
        clock = _clock(match)
        if clock:
            yield replace(clock, is_range=bool(_RANGE.match(text, match.end())))


def clock_at(text: str, position: int) -> Clock | None:
    """The hour, or only the part of the day, that follows right here."""
    lead = _LEAD.match(text, position)
    start = lead.end() if lead else position
    match = _CLOCK.match(text, start)
    if match:
        return _clock(match)
    part = _ONLY_PART.match(text, start)
    return Clock(None, None, part["part"], part.start(), part.end()) if part else None


def _clock(match: re.Match[str]) -> Clock | None:
    hour = int(match["h"]) if match["h"] else number(match["hour"])
    if hour is None or hour > 24:
        return None
    minute: int | None = int(match["m"]) if match["m"] else None
    if match["half"]:
        minute = 30
    elif match["quarter"]:
        minute = 15 if match["quarter"] == "一" else 45
    elif match["bare"]:
        minute = number(match["bare"])
    elif match["minute"]:
        minute = number(match["minute"].lstrip("零") or "零")
    return Clock(hour, minute, match["part"] or "", match.start(), match.end())
