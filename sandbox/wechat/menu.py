"""An account's own menu at the foot of the chat."""

from __future__ import annotations

from typing import Any

from sandbox.wechat.errors import Refusal

# What the demo's accounts show until somebody creates another one.
DEFAULT: list[dict[str, Any]] = [
    {"type": "click", "name": "问政策", "key": "问政策"},
    {"type": "click", "name": "我要投诉", "key": "我要投诉"},
    {"type": "click", "name": "我的工单", "key": "我的工单"},
]


class Menus:
    def __init__(self) -> None:
        self._menus: dict[str, list[dict[str, Any]]] = {}
        self._deleted: set[str] = set()

    def of(self, account: str) -> list[dict[str, Any]]:
        if account in self._deleted:
            return []
        return self._menus.get(account, DEFAULT)

    def create(self, account: str, buttons: Any) -> None:
        if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
            raise Refusal(40016, "invalid button size")
        for button in buttons:
            _check(button, level=1)
        self._menus[account] = buttons
        self._deleted.discard(account)

    def delete(self, account: str) -> None:
        self._menus.pop(account, None)
        self._deleted.add(account)


def _check(button: Any, *, level: int) -> None:
    if not isinstance(button, dict) or not isinstance(button.get("name"), str):
        raise Refusal(40018)
    inner = button.get("sub_button")
    if inner:
        if level == 2 or not isinstance(inner, list) or len(inner) > 5:
            raise Refusal(40023, "invalid sub button size")
        for one in inner:
            _check(one, level=2)
        return
    kind = button.get("type")
    if kind == "click":
        if not 1 <= len(str(button.get("key", "")).encode()) <= 128:
            raise Refusal(40019, "invalid button key size")
    elif kind == "view":
        if not str(button.get("url", "")).startswith(("http://", "https://")):
            raise Refusal(40020, "invalid button url size")
    else:
        raise Refusal(40017, "invalid button type")
