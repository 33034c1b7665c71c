"""What a message asks: its clauses that say something, without courtesy.

Of 您好，我住在回龙观，居住证怎么办，要跑几趟，谢谢 what counts is 居住证怎么办. Words are compared
over the clauses that the knowledge has something to say about; the encoder, whose time grows with
every character, reads the weightiest of them. What asks is never dropped in favour of what tells:
else 家里老人腿脚不方便 would be answered where 签证怎么办 was asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from kb_index.synonyms import any_of, read_list
from kb_index.words import words_of

LONGEST = 26  # characters that the encoder reads
WORTH_COMPARING = 0.5  # of the weightiest clause's weight; a lighter one is about something else
WORTH_ENCODING = 0.5
WINDOW_STEP = 8  # characters between two beginnings that are tried in a clause that is too long

# A blank ends a clause where it stands between Chinese characters (您好 居住证怎么办).
_END = re.compile(r"[，。！？；…～~,!?;\n\r\t]+|(?<=[㐀-鿿])[ \u3000]+(?=[㐀-鿿])")

_ASKS = re.compile(
    r"[吗呢么嘛]|[怎咋哪啥谁几]|什么|如何|多少|多久|多长|多大|能不能|可不可以|是不是|有没有|要不要|用不用"
    r"|行不行|是否|能否|可否|为何|何时|[？?]|不$"
)

type Weigh = Callable[[str], float]


class Core(msgspec.Struct, frozen=True):
    asked: str  # what words are compared with
    meant: str  # what the encoder reads: never longer than `LONGEST`


def core_of(text: str, weigh: Weigh) -> Core:
    """`weigh` says how much the knowledge has in common with a clause."""
    clauses = clauses_of(text)
    if not clauses:
        return Core(text, text[:LONGEST])
    if len(clauses) == 1 and len(clauses[0]) <= LONGEST:
        return Core(clauses[0], clauses[0])
    weights = [weigh(clause) for clause in clauses]
    order = sorted(range(len(clauses)), key=lambda position: -weights[position])
    question = next((position for position in order if _ASKS.search(clauses[position])), order[0])
    least = WORTH_COMPARING * weights[order[0]]
    asked = [c for p, c in enumerate(clauses) if weights[p] >= least or p == question]
    # The question itself is read first, then the weightiest of what goes with it.
    order.sort(key=lambda position: position != question)
    least = WORTH_ENCODING * weights[order[0]]
    meant = [position for position in order if weights[position] >= least]
    return Core("，".join(asked), _fitting(clauses, meant, weigh))


def clauses_of(text: str) -> list[str]:
    """Those that hold something specific, in their order, each once."""
    stripped = (_without_courtesy(clause.strip()) for clause in _END.split(text))
    return list(dict.fromkeys(clause for clause in stripped if words_of(clause).specific))


def _fitting(clauses: list[str], wanted: list[int], weigh: Weigh) -> str:
    """As many as fit, the first of `wanted` before others, in the order in which they were said."""
    first, room = wanted[0], LONGEST
    if len(clauses[first]) > LONGEST:
        return _densest(clauses[first], weigh)
    kept: list[int] = []
    for position in wanted:
        length = len(clauses[position]) + bool(kept)
        if length <= room:
            kept.append(position)
            room -= length
    return "，".join(clauses[position] for position in sorted(kept))


def _densest(clause: str, weigh: Weigh) -> str:
    """The part of this length that says most."""
    starts = [*range(0, len(clause) - LONGEST, WINDOW_STEP), len(clause) - LONGEST]
    windows = [clause[start : start + LONGEST] for start in starts]
    return max(windows, key=weigh)


def _without_courtesy(clause: str) -> str:
    if _alone.fullmatch(clause):
        return ""
    return _after.sub("", _before.sub("", clause))


def _any_of(*lists: list[str]) -> str:
    return any_of({phrase for each in lists for phrase in each}).pattern


_phrases = {place: phrases for place, *phrases in map(str.split, read_list("courtesy.txt"))}
_alone = re.compile(f"(?:{_any_of(*_phrases.values())}|[的了啊呀哈 、：:。.])+")
_before = re.compile(f"^(?:(?:{_any_of(_phrases['before'])})[ ：:、]*)+")
_after = re.compile(f"(?:(?:{_any_of(_phrases['after'])})[了啦 。.]*)+$")
