"""What a citizen puts right in a draft that was read back: 不是，是海淀区…, 时间改成昨晚."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec.structs import replace

from actions.drafting import (
    Name,
    all_of_it,
    beside_the_fields,
    said_in,
    said_in_part,
    told_more,
    with_field,
)
from actions.library import Library
from actions.protocol import Draft, Field, Turn
from actions.wording import tells_a_time

HOW_TO = "好的，请直接说要改成什么，比如“地点改成和平路25号”“时间是昨天晚上”。"

_NAMED: tuple[tuple[Name, str], ...] = (
    ("place", r"地点|地址|位置|地方|路名|小区|门牌"),
    ("time", r"时间|日期|日子|几点"),
    ("kind", r"类型|种类|类别"),
    ("name", r"姓名|名字|称呼|姓"),
    ("content", r"内容|事情|描述|说明"),
)
_WRONG = r"(?:不对|错了|有误|写错了?|弄错了?|说错了?|不是)?[，,。、\s]*"
_CHANGE = r"(?:应该|应当|要|需要|请|帮我)?(?:改成|改为|换成|改到|更正为|改|为|是)[：:，,\s]*"


def _becomes(words: str) -> re.Pattern[str]:
    """地点改成…, 时间不对，应该是…"""
    field = rf"(?:把)?(?:{words})(?:那里|这里|部分|一栏)?[，,：:\s]*"
    return re.compile(field + _WRONG + _CHANGE + r"(?P<new>.+)$", re.DOTALL)


_PATTERNS = tuple((name, _becomes(words)) for name, words in _NAMED)
# 不是，是海淀区… / 不对，应该是昨天
_NOT_BUT = re.compile(
    r"^(?:不是|不对|错了|不|哦?不对|更正一?下?|说错了|写错了|改一?下)[^，,。]{0,12}?[，,。、\s]+(?:应该|应当|而|其实|我说的)?(?:是|改成|改为)?(?P<new>.+)$",
    re.DOTALL,
)
_SHOULD_BE = re.compile(
    r"^(?:应该|应当|改成|改为|换成)是?(?P<new>.+?)(?:[，,]?(?:不是|而不是).*)?$"
)
_ANNOUNCES = re.compile(
    r"^(?:我?要|需要|想|请|帮我|能)?(?:修?改|更正|补充)(?:一下|下|一点|内容|地点|时间|信息)*[吗吧。]*$"
    r"|(?:地点|地址|时间|内容|类型|位置).{0,4}(?:不对|错了|有误|写错|要改)[了]?[。！!]*$"
)
_KINDS = {
    "咨询": "consultation",
    "求助": "help",
    "投诉": "complaint",
    "举报": "report",
    "建议": "suggestion",
    "表扬": "praise",
}
_READABLE: tuple[Name, ...] = ("place", "time", "name")
_LONGEST_FIELD = 40
_BESIDE = 6  # characters of filler in a message that is only a place or a time
_END = "。！!，, ；;"


def announces(text: str) -> bool:
    """Says that something is wrong, but not what it should be."""
    return _ANNOUNCES.search(text.strip()) is not None


def corrected(draft: Draft, turn: Turn, library: Library) -> Draft | None:
    """The draft put right; None when the message puts nothing right."""
    text = turn.text.strip()
    if announces(text):
        return None
    for name, pattern in _PATTERNS:
        if found := pattern.search(text):
            return _set(draft, turn, name, found["new"].strip(_END), library)
    if found := _NOT_BUT.search(text) or _SHOULD_BE.search(text):
        return _guessed(draft, turn, found["new"].strip(_END), library)
    return _only_a_field(draft, turn, library)


def _set(draft: Draft, turn: Turn, name: Name, new: str, library: Library) -> Draft | None:
    """地点改成…: the field is named."""
    if not new:
        return None
    if name == "kind":
        kind = next((code for word, code in _KINDS.items() if word in new), "")
        return with_field(draft, "kind", Field(value=kind, confidence=1.0)) if kind else None
    read = said_in_part(turn, new, library).get(name) if name in _READABLE else None
    if read is not None:
        return with_field(draft, name, replace(read, confidence=1.0))
    return with_field(draft, name, all_of_it(turn, new))


def _guessed(draft: Draft, turn: Turn, new: str, library: Library) -> Draft | None:
    """不是，是…: the field is the one that the new words are read as."""
    if not new:
        return None
    fields = _readable(said_in_part(turn, new, library))
    if fields:
        return replace(draft, fields={**draft.fields, **fields})
    if len(new) > _LONGEST_FIELD:
        return told_more(draft, turn)
    name: Name = "time" if tells_a_time(new) and "time" in draft.fields else "place"
    return with_field(draft, name, all_of_it(turn, new, confidence=0.7))


def _only_a_field(draft: Draft, turn: Turn, library: Library) -> Draft | None:
    """A bare place, time or name after the read-back stands for the old one."""
    said = said_in(turn, library)
    fields = _readable(said)
    if not fields or beside_the_fields(turn, said) > _BESIDE:
        return None
    return replace(draft, fields={**draft.fields, **fields})


def _readable(said: Mapping[Name, Field]) -> dict[str, Field]:
    return {name: said[name] for name in _READABLE if name in said}
