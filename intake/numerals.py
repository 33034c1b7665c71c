"""Small numbers as people write them: 3, ３, 三, 十二, 两, 半."""

from __future__ import annotations

NUMBER = r"(?:[0-9０-９]{1,4}|[零〇一二两三四五六七八九十廿]{1,4})"
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}


def number(words: str) -> int | None:
    """The value up to 99 in Chinese, any in digits; ``None`` when it is not a number."""
    if words.isdigit():
        return int(words)
    words = words.replace("廿", "二十")
    if "十" not in words:
        digits = [_DIGITS.get(c) for c in words]
        if not digits or None in digits:
            return None
        return int("".join(str(d) for d in digits))
    tens, _, ones = words.partition("十")
    ten = _DIGITS.get(tens) if tens else 1
    one = _DIGITS.get(ones) if ones else 0
    return None if ten is None or one is None else ten * 10 + one
