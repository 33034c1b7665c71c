"""What a citizen may tap when they are called back by message, and what a tap means."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from actions.protocol import Option
from actions.wording import plain

PREFIX = "callback:"
_CHOICE = re.compile(r"callback:(?:(solved|unsolved)|satisfied:([1-5])):([0-9A-Z]{1,20})")
# Typed instead of tapped, where the question is the last thing that was asked.
_SOLVED = re.compile(r"(?:都|已经?|嗯|是的?|对)*(?:解决|办好|修好|弄好|处理好|好)(?:了|啦)+")
_UNSOLVED = re.compile(
    r"(?:根本|还是?|都|并|一直)*[没未](?:有|人管|解决|办好?|修好?|处理好?|弄好?|好)*(?:呢|啊)?"
)


@dataclass(frozen=True)
class Answer:
    number: str  # of the case
    solved: bool | None = None
    satisfied: int | None = None


def whether_solved(number: str) -> tuple[Option, ...]:
    return (
        Option(id=f"{PREFIX}solved:{number}", label=_("Solved")),
        Option(id=f"{PREFIX}unsolved:{number}", label=_("Not solved")),
    )


def how_satisfied(number: str) -> tuple[Option, ...]:
    """From 1 to 5, so that the number of a row is its score."""
    labels = (
        pgettext("satisfied", "Not at all"),
        pgettext("satisfied", "Not really"),
        pgettext("satisfied", "So-so"),
        pgettext("satisfied", "Satisfied"),
        pgettext("satisfied", "Very satisfied"),
    )
    return tuple(
        Option(id=f"{PREFIX}satisfied:{score}:{number}", label=label)
        for score, label in enumerate(labels, start=1)
    )


def answer_in(choice: str) -> Answer | None:
    found = _CHOICE.fullmatch(choice)
    if found is None:
        return None
    solved, satisfied, number = found.groups()
    return Answer(
        number,
        solved == "solved" if solved else None,
        int(satisfied) if satisfied else None,
    )


def typed(text: str, offered: tuple[Option, ...]) -> str:
    """The option that plain words take: 已经好了, 还是没人管. Empty: none of them."""
    said = re.sub(r"[\s\W_]+", "", plain(text))
    for option in offered:
        answer = answer_in(option.id)
        if answer is None or answer.solved is None:
            continue
        if (_SOLVED if answer.solved else _UNSOLVED).fullmatch(said):
            return option.id
    return ""
