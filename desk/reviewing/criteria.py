"""What a talk is scored by: a table for agents, one for the bot, and what makes a score 0."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WHOLE = 100  # the sum of all that can be had


@dataclass(frozen=True)
class Criterion:
    key: str
    label: str | Promise
    hint: str | Promise  # what all of the points are given for
    most: int


@dataclass(frozen=True)
class RedLine:
    key: str
    label: str | Promise


OF_AGENTS = (
    Criterion("courtesy", _("Courtesy"), _("greets, is polite, ends the talk properly"), 20),
    Criterion(
        "listening", _("Understands the matter"), _("asks what is unclear, nothing twice"), 20
    ),
    Criterion("correctness", _("Answers rightly"), _("as the knowledge and the rules say"), 20),
    Criterion(
        "case", _("Fills in the case"), _("nothing missing or wrong; no case where none is due"), 20
    ),
    Criterion("time", _("Keeps the time"), _("first words in 3 minutes, no long silence"), 20),
)
OF_THE_BOT = (
    Criterion("correctness", _("Answers rightly"), _("as the knowledge and the rules say"), 25),
    Criterion("asking", _("Asks what it has to ask"), _("before it answers what is unclear"), 25),
    Criterion("passing", _("Passes on in time"), _("to a person when it cannot help"), 25),
    Criterion("tone", _("Tone"), _("short, polite, plain words"), 25),
)
_LEAK = RedLine("leak", _("Gives private data away"))
_PROMISE = RedLine("promise", _("Promises what is wrong"))
RED_LINES_OF_AGENTS = (_LEAK, RedLine("attitude", _("Is rude")), _PROMISE)
RED_LINES_OF_THE_BOT = (_LEAK, _PROMISE)


@dataclass(frozen=True)
class Given:
    """What was given for one criterion; `message` is the id of the words that show why."""

    points: int
    remark: str = ""
    message: int | None = None


@dataclass(frozen=True)
class Card:
    """One scoring of a talk, by the criteria's keys."""

    given: Mapping[str, Given]
    red_lines: tuple[str, ...] = ()
    comment: str = field(default="")

    @property
    def total(self) -> int:
        """0 when a red line was crossed, whatever the points."""
        return 0 if self.red_lines else sum(one.points for one in self.given.values())


def criteria(*, of_bot: bool) -> tuple[Criterion, ...]:
    return OF_THE_BOT if of_bot else OF_AGENTS


def red_lines(*, of_bot: bool) -> tuple[RedLine, ...]:
    return RED_LINES_OF_THE_BOT if of_bot else RED_LINES_OF_AGENTS


def is_whole(card: Card, *, of_bot: bool) -> bool:
    """Every criterion has points in its range, and nothing else stands in it."""
    table = {one.key: one.most for one in criteria(of_bot=of_bot)}
    crossable = {one.key for one in red_lines(of_bot=of_bot)}
    return (
        card.given.keys() == table.keys()
        and all(0 <= given.points <= table[key] for key, given in card.given.items())
        and crossable.issuperset(card.red_lines)
    )
