"""How two neighbouring characters sound, so that a slip of the input method still finds its word.

Tones are left out, and what many speakers do not tell apart is written alike: zh and z, ch and c,
sh and s, a final ng and n. A character has one reading here, its commonest: a slip keeps it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from functools import cache

os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # 40 MB of readings in context

from pypinyin.contrib.tone_convert import to_normal
from pypinyin.pinyin_dict import pinyin_dict

MARK = "~"  # begins the token of a sound: no word does
_FOLDED = re.compile(r"(?<=^[zcs])h|(?<=[aei]n)g$")


def sound_of(pair: str) -> str | None:
    """The token of two Chinese characters; None of anything else."""
    if len(pair) != 2:
        return None
    first, second = _syllable(pair[0]), _syllable(pair[1])
    return f"{MARK}{first}{MARK}{second}" if first and second else None


def sounds_of(words: Iterable[str]) -> list[str]:
    """Those of the pairs among the tokens of a text, each once."""
    return list(dict.fromkeys(sound for word in words if (sound := sound_of(word)) is not None))


@cache  # there are no more than the characters of the script
def _syllable(character: str) -> str:
    reading = pinyin_dict.get(ord(character), "").partition(",")[0]
    return _FOLDED.sub("", to_normal(reading))
