"""How well a finder does on questions whose entries are known.

Shares are of the questions that have an entry, `answered_wrong` of all, and `abstained_right` of
those that have none. A share of nothing is null.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from kb_index.article import EVERY_HOTLINE
from kb_index.decision import Outcome
from kb_index.finding import Finder
from kb_index.ranked import Ranking

OFFERED = frozenset({Outcome.MENU, Outcome.ASK_BACK})  # the right entry is one tap away


class Judged(msgspec.Struct, frozen=True):
    expected: frozenset[str]
    ordered: list[str]
    shown: list[str]
    outcome: Outcome
    milliseconds: float

    @property
    def rank(self) -> int | None:
        """Of the first right entry, from 1."""
        for position, external_id in enumerate(self.ordered, start=1):
            if external_id in self.expected:
                return position
        return None

    @property
    def right(self) -> bool:
        return any(external_id in self.expected for external_id in self.shown)


def evaluate(
    finder: Finder, lines: Iterable[dict[str, Any]], *, hotline: str = "", now: datetime
) -> dict[str, Any]:
    """Ask each line's `query`; `entries` are right. An empty hotline searches those of all."""
    finder.prepare()
    judged = [_judge(finder, line, hotline or EVERY_HOTLINE, now) for line in lines]
    known = [one for one in judged if one.expected]
    unknown = [one for one in judged if not one.expected]
    answered = [one for one in judged if one.outcome is Outcome.ANSWERED]
    times = sorted(one.milliseconds for one in judged)
    return {
        "n": len(judged),
        "recall_at_1": _share([_within(one, 1) for one in known]),
        "recall_at_3": _share([_within(one, 3) for one in known]),
        "recall_at_10": _share([_within(one, 10) for one in known]),
        "mrr": _share([1 / one.rank if one.rank else 0.0 for one in known]),
        "answered_right": _share([one.outcome is Outcome.ANSWERED and one.right for one in known]),
        "menu_hit": _share([one.outcome in OFFERED and one.right for one in known]),
        "answered_wrong": (
            round(sum(not one.right for one in answered) / len(judged), 4) if judged else None
        ),
        "abstained_right": _share([one.outcome is Outcome.NO_ARTICLE for one in unknown]),
        "p50_ms": _percentile(times, 0.50),
        "p99_ms": _percentile(times, 0.99),
    }


def _judge(finder: Finder, line: dict[str, Any], hotline: str, now: datetime) -> Judged:
    begun = time.perf_counter()
    ranking = finder.rank(line["query"], hotline=hotline, now=now)
    milliseconds = (time.perf_counter() - begun) * 1000
    return Judged(
        frozenset(line["entries"]),
        ranking.ordered(),
        _shown(ranking),
        ranking.verdict.outcome,
        milliseconds,
    )


def _shown(ranking: Ranking) -> list[str]:
    return [ranking.profiles[position].article.external_id for position in ranking.verdict.chosen]


def _within(one: Judged, positions: int) -> bool:
    return one.rank is not None and one.rank <= positions


def _share(values: list[Any]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None


def _percentile(ordered: list[float], share: float) -> float | None:
    if not ordered:
        return None
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 2)
