"""Template messages: the one way to reach a citizen outside every window."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sandbox.wechat.errors import Refusal

_ONCE_WITHIN = timedelta(minutes=10)
_REMEMBERED = 1_000
_DROPPED = ("first", "remark")  # since 2023 accepted, and not shown
# What the type in a field's name lets stand in it, as the rules of the mini-programs have it; those
# of accounts like ours are written down nowhere, so the double is not kinder than these.
_TYPES = {
    "thing": re.compile(r".{1,20}", re.DOTALL),
    "phrase": re.compile(r"[\u4e00-\u9fff]{1,5}"),
    "character_string": re.compile(r"[\x20-\x7e]{1,32}"),
    "number": re.compile(r"[\d.]{1,32}"),
    "time": re.compile(r"(?:\d{4}年\d{1,2}月\d{1,2}日 ?)?\d{1,2}:\d{2}(?::\d{2})?"),
    "date": re.compile(r"\d{4}年\d{1,2}月\d{1,2}日(?: \d{1,2}:\d{2})?"),
}


class SentTemplates:
    """Numbers the messages and knows which `client_msg_id` was used lately."""

    def __init__(self) -> None:
        self._last = 3_000_000_000
        self._used: OrderedDict[tuple[str, str], tuple[datetime, int]] = OrderedDict()

    def number_for(self, openid: str, client_msg_id: str, now: datetime) -> tuple[int, bool]:
        """The message's number, and whether it is a new message."""
        known = self._used.get((openid, client_msg_id)) if client_msg_id else None
        if known and now - known[0] < _ONCE_WITHIN:
            return known[1], False
        self._last += 1
        if client_msg_id:
            self._used[openid, client_msg_id] = (now, self._last)
            while len(self._used) > _REMEMBERED:
                self._used.popitem(last=False)
        return self._last, True


def visible_rows(data: Any, needed: Collection[str] = ()) -> tuple[tuple[str, str], ...]:
    """What the citizen sees of a template's data. `needed`: all of its fields, where known."""
    if not isinstance(data, dict) or not data:
        raise Refusal(47001)
    for name in sorted(set(needed) - set(data)):
        raise Refusal(47003, f"argument invalid! data.{name}.value is empty")
    rows = []
    for name, item in data.items():
        value = item.get("value") if isinstance(item, dict) else None
        if name in _DROPPED:
            continue
        if not isinstance(value, str) or not value.strip():
            raise Refusal(47003, f"argument invalid! data.{name}.value is empty")
        allowed = _TYPES.get(name.rstrip("0123456789"))
        if allowed and not allowed.fullmatch(value):
            raise Refusal(47003, f"argument invalid! data.{name}.value invalid")
        rows.append((name, value))
    return tuple(rows)
