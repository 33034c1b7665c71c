"""The fields of a canned reply: filled in from the talk and its case, or left to be filled.

What the case does not know stands there as 【填：…】, which no message may leave with.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from django.utils.timezone import localtime

from desk.cases.models import Case
from desk.conversations.models import Conversation
from desk.people.models import User

_FIELD = re.compile(r"\{\{\s*([^{}\s]{1,20})\s*\}\}")
_BLANK = re.compile(r"【填：([^】]*)】")


def _day(case: Case) -> str:
    if case.due_at is None:
        return ""
    at = localtime(case.due_at)
    return f"{at.month}月{at.day}日 {at:%H:%M}"


_OF_CASE: Mapping[str, Callable[[Case], str]] = {
    "案号": lambda case: case.number,
    "截止": _day,
    "单位": lambda case: case.department.name if case.department else "",
    "地点": lambda case: case.place,
    "事项": lambda case: case.category,
}
FIELDS = ("市民", "坐席", "热线", *_OF_CASE)


def filled(text: str, conversation: Conversation, case: Case | None, user: User) -> str:
    """The text with its fields; one that is unknown, or not known now, is a visible blank."""
    known = {
        "市民": conversation.citizen.name,
        "坐席": str(user),
        "热线": conversation.hotline.name,
    }
    if case is not None:
        known |= {name: read(case) for name, read in _OF_CASE.items()}
    return _FIELD.sub(lambda found: known.get(found[1]) or blank(found[1]), text)


def blank(name: str) -> str:
    return f"【填：{name}】"


def blanks_in(text: str) -> list[str]:
    """What is still to be filled in."""
    return _BLANK.findall(text)


def unknown_fields(text: str) -> list[str]:
    """Fields that no case will ever fill: most likely mistyped."""
    return [name for name in _FIELD.findall(text) if name not in FIELDS]
