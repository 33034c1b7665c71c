"""Template messages: how a case's progress goes into the fields that an account's template has.

Each field's name says its type, and a value that does not fit its type is refused as a whole
(47003): so it is made to fit here.
"""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import ZoneInfo

from channels.accounts import WeChatAccount
from channels.wechat.reply import clean
from wire.messages import Template

_SHANGHAI = ZoneInfo("Asia/Shanghai")
# Characters that a field of a type takes.
_MOST = {"thing": 20, "phrase": 5, "character_string": 32, "short_thing": 5, "const": 20}
_EMPTY = "无"


class Templates:
    def __init__(self, account: WeChatAccount) -> None:
        self._account = account

    def has(self, template: Template) -> bool:
        return self._account.template(template.name) is not None

    def body(self, key: str, citizen: str, template: Template) -> dict[str, Any]:
        """`key`: what the platform drops a second one by, for ten minutes."""
        shape = self._account.template(template.name)
        if shape is None:
            raise LookupError(template.name)
        said = {"number": template.number, "about": template.about, "stage": template.stage}
        data = {}
        for name, field in shape.fields.items():
            value = _moment(template, field) if name == "at" else fitted(said[name], field)
            data[field] = {"value": value}
        body: dict[str, Any] = {
            "touser": citizen,
            "template_id": shape.id,
            "client_msg_id": key,
            "data": data,
        }
        return body | ({"url": template.url} if template.url else {})


def fitted(value: str, field: str) -> str:
    """A value that its field takes: one line, no longer than the field's type allows."""
    kind = field.rstrip("0123456789")
    value = re.sub(r"\s+", " ", clean(value)).strip()
    if kind == "phrase":
        value = re.sub(r"[^一-鿿]", "", value)
    most = _MOST.get(kind, 20)
    if kind == "thing" and len(value) > most:
        return value[: most - 1] + "…"
    return value[:most] or _EMPTY


def _moment(template: Template, field: str) -> str:
    at = template.at.astimezone(_SHANGHAI)
    day = f"{at.year}年{at.month}月{at.day}日"
    return day if field.startswith("date") else f"{day} {at:%H:%M}"
