"""A long answer in passages: a few sentences each, the next one beginning in the middle of it.

A policy document of ten pages answers a question in one paragraph. Passages are cut at the ends of
sentences, so that one can be shown as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import msgspec

from kb_index.synonyms import NO_MORE, Synonyms
from kb_index.words import words_of

PASSAGE = 200  # characters after which a passage ends with its sentence
LONG = 2 * PASSAGE  # an answer up to here is a passage itself
LONGEST = 400  # characters of one; a sentence that does not end by then is cut

# What ends a sentence, with the signs and blanks behind it; or as much as one may have.
_SENTENCE = re.compile(
    rf"[^。！？；\n]{{0,{LONGEST // 2}}}(?:[。！？；\n]{{1,9}}[”』」）)\s]{{0,9}}|$|(?<=.))",
    re.DOTALL,
)


class Passage(msgspec.Struct, frozen=True):
    """Characters ``[start, end)`` of an answer, as they stand there."""

    start: int
    end: int
    text: str


class Passages(msgspec.Struct, frozen=True):
    """Of one answer. None of a short one, which is a passage itself."""

    spans: tuple[tuple[int, int], ...]
    holding: Mapping[str, tuple[int, ...]]  # which passages a token stands in


NO_PASSAGES = Passages((), {})


def passages_of(answer: str, more: Synonyms = NO_MORE) -> Passages:
    """`more`: a city's own synonyms."""
    if len(answer) <= LONG:
        return NO_PASSAGES
    spans = _spans(answer)
    holding: dict[str, list[int]] = {}
    for number, (start, end) in enumerate(spans):
        for token in set(words_of(answer[start:end], more).every):
            holding.setdefault(token, []).append(number)
    return Passages(tuple(spans), {token: tuple(found) for token, found in holding.items()})


def best_passage(passages: Passages, rarity: Mapping[str, float]) -> tuple[int, float]:
    """Which one holds the most of these tokens, the first of equals; and how much that is."""
    held = [0.0] * len(passages.spans)
    for token in rarity.keys() & passages.holding.keys():
        for number in passages.holding[token]:
            held[number] += rarity[token]
    best = max(range(len(held)), key=held.__getitem__)
    return best, held[best]


def passage_at(answer: str, passages: Passages, number: int) -> Passage:
    """To be read: without the blanks around it."""
    start, end = passages.spans[number]
    text = answer[start:end]
    start += len(text) - len(text.lstrip())
    return Passage(start, start + len(text.strip()), text.strip())


def _spans(answer: str) -> list[tuple[int, int]]:
    ends = _ends_of_sentences(answer)
    spans = []
    first = 0  # of the sentences
    while first < len(ends) - 1:
        last = _reaching(ends, first, PASSAGE)
        spans.append((ends[first], ends[last]))
        if last == len(ends) - 1:
            break
        first = min(_reaching(ends, first, PASSAGE // 2), last)
    return spans


def _ends_of_sentences(answer: str) -> list[int]:
    """With 0 before the first."""
    return [0, *(found.end() for found in _SENTENCE.finditer(answer) if found.group())]


def _reaching(ends: Sequence[int], first: int, length: int) -> int:
    """The first end so far behind that of `first`, or the last one."""
    last = first + 1
    while last < len(ends) - 1 and ends[last] - ends[first] < length:
        last += 1
    return last
