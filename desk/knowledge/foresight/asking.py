"""Questions asked twice: of what is live, and of what would be live after a change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from desk.knowledge.live import all_live
from desk.knowledge.trying import finder
from desk.quality.judging import Told
from kb_index.decision import Outcome
from kb_index.hits import Finding
from kb_index.overlay import Changes, Foresight

ASKED_AT_MOST = 200  # the nearest and commonest; each costs up to 20 ms where words do not decide
NEAR = 0.25  # share of what is specific in a question that a changed entry holds


@dataclass(frozen=True)
class Question:
    """`expected`: of the city's own set, the entry that has to come; None: citizens asked it."""

    text: str
    hotline: str
    times: int = 0
    expected: str | None = None
    guarded: bool = False


@dataclass(frozen=True)
class Answered:
    """One question, and what is told now and then."""

    question: Question
    before: Told
    after: Told


def moment_of(changes: Changes, now: datetime) -> datetime:
    """When the changed entries count: what begins later is judged as of its first moment."""
    begins = (one.effective_from for one in changes.values() if one and one.effective_from)
    return max([now, *begins])


def near(
    foresight: Foresight, questions: Iterable[Question], sure: Collection[str] = ()
) -> list[Question]:
    """Those that the change may touch: what the set guards and what is `sure` first."""
    found: list[tuple[float, Question]] = []
    for question in questions:
        share = 1.0 if question.text in sure else foresight.nearness(question.text)
        if share >= NEAR or (question.expected and question.expected in foresight.changed):
            weight = float("inf") if question.guarded else share * (1 + question.times)
            found.append((weight, question))
    found.sort(key=lambda pair: -pair[0])
    return [question for _, question in found]


def ask_both(
    changes: Changes, foresight: Foresight, questions: Sequence[Question], now: datetime
) -> list[Answered]:
    """Raises `IndexUnavailable`. One query a hotline."""
    then = moment_of(changes, now)
    found = [
        (
            one,
            finder().find(one.text, hotline=one.hotline, now=now),
            foresight.find(one.text, hotline=one.hotline, now=then),
        )
        for one in questions
    ]
    named: dict[str, set[str]] = defaultdict(set)
    for one, before, after in found:
        named[one.hotline] |= {hit.external_id for hit in (*before.hits, *after.hits)}
    live = {hotline: all_live(sorted(ids), hotline, now) for hotline, ids in named.items()}
    new = {name for name, article in changes.items() if article is not None}
    return [
        Answered(
            one,
            _told(before, live[one.hotline].keys()),
            _told(after, (live[one.hotline].keys() - changes.keys()) | new),
        )
        for one, before, after in found
    ]


def _told(found: Finding, sayable: Collection[str]) -> Told:
    entries = tuple(hit.external_id for hit in found.hits if hit.external_id in sayable)
    return Told(found.outcome if entries else Outcome.NO_ARTICLE, entries)
