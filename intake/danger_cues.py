"""What a learned reading of dangers sees in a sentence: ideas, pairs of ideas, runs of characters.

An idea is a set of words that stand for the same thing (`weapon`, `unresponsive`, `asked`). What
the model learns of an idea from one sentence holds for all its words, which runs of characters
alone cannot give. Adding a word to ``danger_ideas.json`` asks for a new
training: `python -m intake.danger_training desk/demo/content/entries_*.jsonl`.
"""

from __future__ import annotations

import json
import re
from itertools import combinations
from pathlib import Path

from intake.grams import squeeze

LONGEST = 3
_NUMBERS = re.compile(r"\d+")
_MARKS = re.compile(r"[\W_]+")
_EMERGENCY_NUMBERS = re.compile(r"(?<!\d)(?:110|119|120|122)(?!\d)")

_IDEAS: dict[str, str] = json.loads(
    Path(__file__).with_name("danger_ideas.json").read_text(encoding="utf-8")
)
_COMPILED = tuple((name, re.compile(words)) for name, words in _IDEAS.items())


def ideas(text: str) -> list[str]:
    """The ideas that the text touches, in a fixed order."""
    return [name for name, words in _COMPILED if words.search(text)]


def cues(text: str) -> list[str]:
    """All that the model sees of a text: ideas, their pairs, and runs of characters."""
    said = squeeze(text)
    bare = _bare(said)
    seen = ideas(said)
    length = "short" if len(bare) <= 6 else "medium" if len(bare) <= 14 else "long"
    seen += [f"length {length}", f"number {bool(_EMERGENCY_NUMBERS.search(said))}"]
    pairs = [f"{one} & {other}" for one, other in combinations(seen, 2)]
    return [*(f"= {name}" for name in seen), *pairs, *_runs(bare)]


def _bare(said: str) -> str:
    """Marks and numbers differ from writer to writer and say little; the ends say much."""
    return f"^{_NUMBERS.sub('0', _MARKS.sub('', said))}$"


def _runs(bare: str) -> list[str]:
    return list({bare[i : i + n] for n in range(1, LONGEST + 1) for i in range(len(bare) - n + 1)})
