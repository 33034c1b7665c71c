"""The features of a learned model: runs of characters, white space aside.

White space is dropped because one city exports its messages segmented and another as written.
"""

from __future__ import annotations

from collections import Counter

READ = 800


def squeeze(text: str) -> str:
    """The text as the model sees it."""
    return "".join(text.split()).lower()[:READ]


def grams(text: str, shortest: int, longest: int) -> Counter[str]:
    """How often each run of `shortest` to `longest` characters occurs."""
    said = squeeze(text)
    return Counter(
        said[i : i + n] for n in range(shortest, longest + 1) for i in range(len(said) - n + 1)
    )
