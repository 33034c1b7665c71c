"""What publishing an entry would change, in a few figures and the questions behind them."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from desk.knowledge.foresight.asked import Asked, answered_by, asked_lately
from desk.knowledge.foresight.asking import ASKED_AT_MOST, Answered, Question, ask_both, near
from desk.knowledge.foresight.guard import guarded_and_others, is_broken
from desk.knowledge.models import Entry
from desk.knowledge.trying import finder
from desk.quality.judging import Change, Told, compare
from kb_index.article import Article
from kb_index.decision import Outcome

SHOWN = 4  # questions of each kind: read in ten seconds


class Kind(TextChoices):
    NEW = "new", _("Answered with this entry now")
    COLLIDES = "collides", _("A choice now, where there was an answer")
    LOST = "lost", _("No answer any more")
    OTHER = "other", _("Another answer or choice")


@dataclass(frozen=True)
class Names:
    """Standard questions by external id: as they are, and as they would be."""

    now: dict[str, str]
    then: dict[str, str]


@dataclass(frozen=True)
class Line:
    """A question with the names of what is told before and after."""

    text: str
    times: int
    before: str
    after: str


@dataclass(frozen=True)
class Group:
    kind: Kind
    number: int  # different questions
    times: int  # how often they were asked
    lines: list[Line]  # the most asked


@dataclass(frozen=True)
class Effect:
    known: int  # different questions that were looked at
    near: int  # of them, those that it may touch
    asked: int  # of these, those that were asked again
    groups: list[Group]  # one a kind, in their order
    guarded: int  # guarded questions that were asked
    broken: list[Line]  # of them, those that go wrong
    seconds: float

    @property
    def changes(self) -> int:
        return sum(group.number for group in self.groups)


def effect_of(name: str, article: Article | None, now: datetime) -> Effect:
    """`article` None: as if it were withdrawn. Raises `IndexUnavailable`."""
    began = time.monotonic()
    changes = {name: article}
    foresight = finder().foresee(changes)
    lately, told = asked_lately(now), answered_by(name, now)
    questions = _once([*guarded_and_others(), *(_of(one) for one in (*told, *lately))])
    touched = near(foresight, questions, sure={one.text for one in told})
    asked = touched[:ASKED_AT_MOST]
    answered = ask_both(changes, foresight, asked, now)
    live = _names(answered)
    names = Names(live, live | ({name: article.question} if article else {}))
    return Effect(
        known=len(questions),
        near=len(touched),
        asked=len(asked),
        groups=[_group(kind, name, answered, names) for kind in Kind],
        guarded=sum(one.question.guarded for one in answered),
        broken=[_line(one, names) for one in answered if is_broken(one)],
        seconds=time.monotonic() - began,
    )


def kind_of(name: str, one: Answered) -> Kind | None:
    """None: nothing that a citizen would notice but for the words of the answer."""
    change = compare(one.after, one.before)
    if change is Change.SAME:
        return None
    if change is Change.LOST:
        return Kind.LOST
    was_answered = one.before.outcome == Outcome.ANSWERED
    if was_answered and one.after.outcome != Outcome.ANSWERED:
        return Kind.COLLIDES
    if one.after.outcome == Outcome.ANSWERED and one.after.entries[:1] == (name,):
        return Kind.NEW
    return Kind.OTHER


def _of(asked: Asked) -> Question:
    return Question(asked.text, asked.hotline, asked.times)


def _once(questions: Iterable[Question]) -> list[Question]:
    """The set's stand before the same words of a citizen, with how often those came."""
    found: dict[tuple[str, str], Question] = {}
    for one in questions:
        key = one.text, one.hotline
        kept = found.get(key)
        if kept is None:
            found[key] = one
        elif one.times > kept.times:
            found[key] = Question(
                kept.text, kept.hotline, one.times, kept.expected, guarded=kept.guarded
            )
    return list(found.values())


def _group(kind: Kind, name: str, answered: list[Answered], names: Names) -> Group:
    of_kind = [one for one in answered if kind_of(name, one) is kind]
    of_kind.sort(key=lambda one: -one.question.times)
    return Group(
        kind=kind,
        number=len(of_kind),
        times=sum(one.question.times for one in of_kind),
        lines=[_line(one, names) for one in of_kind[:SHOWN]],
    )


def _line(one: Answered, names: Names) -> Line:
    return Line(
        text=one.question.text,
        times=one.question.times,
        before=_in_words(one.before, names.now),
        after=_in_words(one.after, names.then),
    )


def _in_words(told: Told, names: dict[str, str]) -> str:
    if not told.entries:
        return str(_("no answer is known"))
    said = "、".join(f"《{names.get(entry, entry)}》" for entry in told.entries)
    if told.outcome == Outcome.ANSWERED:
        return said
    return str(_("a choice of %s")) % said


def _names(answered: list[Answered]) -> dict[str, str]:
    ids = {entry for one in answered for entry in (*one.before.entries, *one.after.entries)}
    rows = Entry.objects.filter(external_id__in=ids)
    return dict(rows.values_list("external_id", "question"))
