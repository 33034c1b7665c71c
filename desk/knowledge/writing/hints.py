"""Where an answer could be plainer: few rules, each of them mostly right, each with what to do.

Plain text in and hints out; nothing here stops anybody.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LONG_SENTENCE = 60  # characters without a full stop
LONG_PARAGRAPH = 160  # characters without a new line
MOST = 6  # hints at once: more is not read

_SENTENCE = re.compile(r"[^。！？!?；;\n]+")
_NUMBER = re.compile(r"\d{3,}")
_CLOCK = re.compile(
    r"\d{1,2}\s*[:：点时]|工作日|周[一二三四五六日末]|全天|24\s*小时|随时|网上|线上"
)

# What offices write, and what people say.
_OFFICIAL = {
    "予以": "给",
    "悉知": "知道",
    "知悉": "知道",
    "申领人": "您",
    "申请人": "您",
    "当事人": "您",
    "办理人": "您",
    "缴纳": "交",
    "自即日起": "从今天起",
    "逾期": "过期",
    "届时": "到时候",
    "携带": "带",
    "如若": "如果",
    "之规定": "的规定",
}
_STIFF = re.compile("|".join(map(re.escape, _OFFICIAL)))


@dataclass(frozen=True)
class Hint:
    """`found`: the words of the answer that it is about."""

    found: str
    why: str | Promise
    mend: str | Promise


type Rule = Callable[[str], Iterator[Hint]]


def hints_for(answer: str) -> list[Hint]:
    """The first of each rule, in the rules' order; at most `MOST`."""
    firsts = (next(rule(answer), None) for rule in _RULES)
    return [hint for hint in firsts if hint is not None][:MOST]


def _begins_with_grounds(answer: str) -> Iterator[Hint]:
    if found := re.match(r"\s*(?:根据|依据|按照|依照)[^，。\n]{2,40}", answer):
        yield Hint(
            found[0].strip(),
            _("It begins with the grounds."),
            _("Say first what people have to do; the grounds belong in the fields below."),
        )


def _long_sentence(answer: str) -> Iterator[Hint]:
    for found in _SENTENCE.finditer(answer):
        if len(found[0].strip()) > LONG_SENTENCE:
            yield Hint(
                _beginning(found[0]),
                _("A sentence of more than 60 characters."),
                _("Cut it in two, or make its parts lines of their own."),
            )


def _stiff_words(answer: str) -> Iterator[Hint]:
    for found in _STIFF.finditer(answer):
        yield Hint(
            found[0],
            _("A word of offices."),
            _("People say “%s”.") % _OFFICIAL[found[0]],
        )


def _somebody_unnamed(answer: str) -> Iterator[Hint]:
    for found in re.finditer(r"(?:有关|相关|主管|职能)(?:部门|单位|机构)", answer):
        yield Hint(found[0], _("Nobody knows who that is."), _("Name the office, with its number."))


def _things_unnamed(answer: str) -> Iterator[Hint]:
    for found in re.finditer(r"(?:相关|有关|所需|必要)的?(?:材料|资料|证件|手续|证明)", answer):
        rest = answer[found.end() : found.end() + 3]
        if not re.match(r"[：:（(]", rest):
            yield Hint(found[0], _("It does not say which."), _("List them, one a line."))


def _soon(answer: str) -> Iterator[Hint]:
    for found in re.finditer(r"尽快|及时|近期|适时|一段时间|稍后|尽早", answer):
        yield Hint(
            found[0],
            _("It does not say when."),
            _("Give a number: within 2 hours, 5 working days."),
        )


def _call_without_number(answer: str) -> Iterator[Hint]:
    for found in re.finditer(r"(?:拨打|致电|打电话|电话咨询|来电)[^。；\n]{0,30}", answer):
        if not _NUMBER.search(answer[found.start() : found.end() + 20]):
            yield Hint(found[0], _("No number to call."), _("Write the number with its area code."))


def _go_without_hours(answer: str) -> Iterator[Hint]:
    found = re.search(r"(?:到|去|前往)[^，。；\n]{2,20}(?:窗口|大厅|派出所|中心|服务站)", answer)
    if found and not _CLOCK.search(answer):
        yield Hint(found[0], _("No opening hours."), _("Say when it is open, and its address."))


def _passive(answer: str) -> Iterator[Hint]:
    for found in re.finditer(
        r"(?:将|会)?(?:被[^，。；\n]{1,12}|由[^，。；\n]{2,12}予以[^，。；\n]{1,8})", answer
    ):
        yield Hint(
            found[0],
            _("It does not say plainly who does it."),
            _("Begin with who: “the street office checks”, not “it is checked”."),
        )


def _double_no(answer: str) -> Iterator[Hint]:
    for found in re.finditer(
        r"不得不|不能不|不可不|并非不|未[^，。；\n]{1,10}(?:不得|不予)|非[^，。；\n]{1,8}不", answer
    ):
        yield Hint(found[0], _("Two negations."), _("Say what has to be done, or what may be."))


def _wall_of_text(answer: str) -> Iterator[Hint]:
    for line in answer.splitlines():
        if len(line.strip()) > LONG_PARAGRAPH:
            yield Hint(
                _beginning(line),
                _("A paragraph of more than 160 characters fills a phone."),
                _("Number the steps, one a line."),
            )


def _beginning(text: str) -> str:
    text = text.strip()
    return text if len(text) <= 16 else f"{text[:16]}…"


_RULES: tuple[Rule, ...] = (
    _call_without_number,
    _somebody_unnamed,
    _things_unnamed,
    _soon,
    _begins_with_grounds,
    _long_sentence,
    _wall_of_text,
    _go_without_hours,
    _stiff_words,
    _double_no,
    _passive,
)
