"""All that one message says of a case, each field with its evidence.

A field that is not said stays ``None``: an agent corrects an empty field faster than a wrong one,
and the bot can ask for it.
"""

from __future__ import annotations

import re
from datetime import datetime

import msgspec

from intake.about import about_among
from intake.beside import beside_the_matter
from intake.category import category
from intake.department import Directory, department
from intake.evidence import Found
from intake.kind import COMPLAINT, HELP, PRAISE, REPORT, kind
from intake.learned import Learned
from intake.occurred import occurred, ongoing
from intake.person import name
from intake.place import place_among
from intake.segments import segments
from intake.segments import warm as warm_segments

_LONGEST_CONTENT = 2_000
# What is left of an answer like "是的，在" or "我的电话是" says nothing of the matter.
_FILLER = re.compile(
    r"[\s，,。.！!？?、：:；;~～…“”\"'（）()*]+|我的?|是的?|在|电话|手机号?码?|号码"
    r"|联系(?:人|方式)?|姓名?|叫|名字|地址|地点|时间|发生|位于|就|的|了|呢|啊|吧|左右|大概"
    r"|大约|好的?|您|你|谢谢|那边|这边|家住|住"
)
_LEAST_CONTENT = 4


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of `actions.protocol.Draft`, and `ongoing`: said to go on, with no one moment."""

    content: Found | None = None
    place: Found | None = None
    time: Found | None = None
    kind: Found | None = None
    category: Found | None = None
    department: Found | None = None
    about: Found | None = None
    name: Found | None = None
    ongoing: Found | None = None


def read(
    text: str,
    now: datetime,
    directory: Directory | None = None,
    learned: Learned | None = None,
) -> Reading:
    """Read a message as of `now`. What a city has learned beats what is shipped."""
    if not text.strip():
        return Reading()
    tagged = segments(text)
    where = place_among(text, tagged)
    when = occurred(text, now)
    who = name(text)
    what = _content(text, [where, when, who])
    if what is None:
        return Reading(place=where, time=when, name=who, ongoing=ongoing(text))
    kind_found = (learned and learned.read("kind", text)) or kind(text)
    topic = (learned and learned.read("category", text)) or category(
        text, beside_the_matter(text, where, who)
    )
    return Reading(
        content=what,
        place=where,
        time=when,
        kind=kind_found,
        category=topic,
        department=_department(text, directory, learned, topic),
        about=about_among(text, tagged) if _names_somebody(kind_found) else None,
        name=who,
        ongoing=ongoing(text),
    )


def warm() -> None:
    """Load everything at the start of a process, so that the first citizen does not wait."""
    warm_segments()
    category("路灯坏了")


def _department(
    text: str, directory: Directory | None, learned: Learned | None, topic: Found | None
) -> Found | None:
    known = learned.read("department", text) if learned else None
    if known or directory is None:
        return known
    return department(text, directory, topic.value if topic else "")


def _names_somebody(found: Found | None) -> bool:
    """Advice and questions are about a matter; the other kinds are about somebody."""
    return found is None or found.value in (COMPLAINT, REPORT, HELP, PRAISE)


def _content(text: str, fields: list[Found | None]) -> Found | None:
    """The whole text, when it says more than the fields that were asked for."""
    rest = list(text)
    for start, end in beside_the_matter(text, *fields):
        rest[start:end] = " " * (end - start)
    if len(_FILLER.sub("", "".join(rest))) < _LEAST_CONTENT:
        return None
    value = text.strip()[:_LONGEST_CONTENT]
    start = text.index(value[0])
    return Found(value=value, confidence=0.9, start=start, end=start + len(value))
