"""A query as it was meant, where the input method slipped: 社包 for 社保.

Two characters that stand together in no entry, that are no word of the language, and that sound
like two which do stand together in one and in a word. The query is read as those, if it then has
more in common with the knowledge than as it was typed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec
import rjieba

from kb_index.index import Frequencies
from kb_index.sounds import sound_of
from kb_index.words import words_of

ENOUGH = 2  # characters of a query that may be read otherwise
# Characters that stand alone in any sentence: 好吗 is no slip for 号码.
COMMON = frozenset(
    "的了是在不我你他她它这那有就都也还和与给把被从到对向往很太好吗呢啊吧呀么嘛哪谁几多少个"
    "一二三四五六七八九十上下里去来要会能可让用做办看想说问写买卖吃住走年月日天号元块次人"
)
ENDS_OF_WORDS = frozenset("金证卡费险贴保照簿税款房")  # 失业金 is in no dictionary, 失业 is


class Slip(msgspec.Struct, frozen=True):
    """Two characters that were perhaps not meant."""

    start: int  # in the normalised text
    sound: str


def slips_in(normalised: str, frequencies: Frequencies) -> list[Slip]:
    """`frequencies` of the text's tokens and of the sounds of its pairs."""
    doubtful = [
        Slip(start, sound)
        for start in range(len(normalised) - 1)
        if (sound := sound_of(normalised[start : start + 2])) is not None
        and frequencies.questions.get(sound)
        and not _stands_in(normalised[start : start + 2], frequencies)
    ]
    if not doubtful:
        return []
    inside = _in_words(normalised)
    return [one for one in doubtful if not {one.start, one.start + 1} <= inside]


def readings(
    normalised: str, slips: Iterable[Slip], known: Iterable[Iterable[str]]
) -> Iterator[str]:
    """The text with one slip read as pairs that sound alike, and then with several.

    `known`: the tokens of each entry that holds one of the sounds.
    """
    alike: dict[str, Counter[str]] = {}
    wanted = {slip.sound for slip in slips}
    for tokens in known:
        for token in tokens:
            if (sound := sound_of(token)) in wanted and sound is not None:
                alike.setdefault(sound, Counter())[token] += 1
    inside = _in_words(normalised)
    text, changed = normalised, 0
    for slip in slips:
        typed = text[slip.start : slip.start + 2]
        for pair, _ in alike.get(slip.sound, Counter()).most_common():
            other = {slip.start + offset for offset in (0, 1) if pair[offset] != typed[offset]}
            read = text[: slip.start] + pair + text[slip.start + 2 :]
            if not other or other & inside or COMMON & {text[one] for one in other}:
                continue
            if changed + len(other) > ENOUGH:
                break
            if all(read[position] in ENDS_OF_WORDS for position in other - _in_words(read)):
                text, changed = read, changed + len(other)
                yield text
                break


def in_common(normalised: str, frequencies: Frequencies) -> int:
    """How many pairs of the text stand in the knowledge."""
    specific = words_of(normalised).specific
    return sum(len(word) == 2 and _stands_in(word, frequencies) for word in specific)


def _stands_in(word: str, frequencies: Frequencies) -> bool:
    return bool(frequencies.questions.get(word) or frequencies.answers.get(word))


def _in_words(text: str) -> set[int]:
    """Positions of the characters that are part of a longer word."""
    inside: set[int] = set()
    start = 0
    for word in rjieba.cut(text, False):
        if len(word) > 1:
            inside.update(range(start, start + len(word)))
        start += len(word)
    return inside
