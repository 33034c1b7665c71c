"""Template messages: the one way to reach a citizen outside every window."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Any

from sandbox.wechat.errors import Refusal

_ONCE_WITHIN = timedelta(minutes=10)
_REMEMBERED = 1_000
_DROPPED = ("first", "remark")  # since 2023 accepted, and not shown


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


def visible_rows(data: Any) -> tuple[tuple[str, str], ...]:
    """What the citizen sees of a template's data."""
    if not isinstance(data, dict) or not data:
        raise Refusal(47001)
    rows = []
    for name, item in data.items():
        value = item.get("value") if isinstance(item, dict) else None
        if name in _DROPPED:
            continue
        if not isinstance(value, str) or not value.strip():
            raise Refusal(47003, f"argument invalid! data.{name}.value is empty")
        if name.startswith("thing") and len(value) > 20:
            raise Refusal(47003, f"argument invalid! data.{name}.value invalid")
        rows.append((name, value))
    return tuple(rows)
