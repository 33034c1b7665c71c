"""Reads a draft back, in the words of the form, before anything is opened."""

from __future__ import annotations

import re

from actions.drafting import value
from actions.options import AMEND, CONFIRM, GIVE_UP
from actions.protocol import Draft, Reply

KINDS = {
    "consultation": "咨询",
    "help": "求助",
    "complaint": "投诉",
    "report": "举报",
    "suggestion": "建议",
    "praise": "表扬",
}
CHECK = "请您看看对不对："
NOT_SAID = "没有说"
NO_PHONE = "联系电话：不留"
HAS_PHONE = "联系电话：{phone}"
WITHOUT_PHONE = "可以补充联系电话，直接发给我就行，方便承办单位回复您；不留也可以。"

_SHOWN = 200  # of the content; the case keeps all of it
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d)(?::(\d\d))?.*)?")


def read_back(draft: Draft) -> Reply:
    lines = [
        CHECK,
        f"类型：{KINDS.get(value(draft, 'kind'), KINDS['complaint'])}",
        f"内容：{_shown(value(draft, 'content'))}",
        f"地点：{_shown(value(draft, 'place')) or NOT_SAID}",
    ]
    time = in_chinese(value(draft, "time"))
    if time or "time" in draft.asked:
        lines.append(f"时间：{_shown(time) or NOT_SAID}")
    if name := value(draft, "name"):
        lines.append(f"称呼：{_shown(name)}")
    lines.append(_phone(draft))
    return Reply(text="\n".join(lines), options=(CONFIRM, AMEND, GIVE_UP))


def _phone(draft: Draft) -> str:
    if draft.without_phone:
        return NO_PHONE
    return HAS_PHONE if draft.has_phone else WITHOUT_PHONE


def is_moment(time: str) -> bool:
    """A day or an hour on the calendar, not words about one."""
    return _ISO.fullmatch(time) is not None


def in_chinese(time: str) -> str:
    """2026-11-24T23 as 2026年11月24日23点; what is no date stays as it was said."""
    found = _ISO.fullmatch(time)
    if found is None:
        return time
    year, month, day, hour, minute = found.groups()
    text = f"{year}年{int(month)}月{int(day)}日"
    if hour is not None:
        text += f"{int(hour)}点"
        if minute is not None and minute != "00":
            text += f"{int(minute)}分"
    return text


def _shown(text: str) -> str:
    # Braces are the router's: what a citizen writes must not fill itself in.
    text = text.replace("{", "｛").replace("}", "｝").replace("\n", "；")
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "……"
