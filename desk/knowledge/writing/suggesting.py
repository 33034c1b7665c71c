"""Similar questions for an entry, in the words in which citizens asked for it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from desk.knowledge.foresight.asked import answered_by, asked_lately
from desk.knowledge.trying import finder
from intake.privacy import PLACEHOLDER
from kb_index.article import EVERY_HOTLINE, Article
from kb_index.decision import Outcome

DAYS = 90
SHOWN = 12
NEAR = 0.4  # share of what is specific that the entry holds
SHORTEST, LONGEST = 4, 40  # characters of a question that is worth keeping


@dataclass(frozen=True)
class Suggestion:
    text: str
    times: int
    covered: bool  # it leads here already, as the form stands
    written: bool  # it stands in the form, word for word


def suggestions(article: Article, now: datetime) -> list[Suggestion]:
    """The most asked first; those that are not covered before the others.

    Raises `IndexUnavailable`.
    """
    foresight = finder().foresee({article.external_id: article})
    told = answered_by(article.external_id, now, days=DAYS)
    sure = {one.text for one in told}
    times: Counter[str] = Counter()
    lately = asked_lately(now, days=DAYS)
    for one in lately:
        times[one.text] += one.times
    for one in told:  # most of them stand in the list as well
        times[one.text] = max(times[one.text], one.times)
    fitting = [
        text
        for text, _ in times.most_common()
        if SHORTEST <= len(text) <= LONGEST
        and PLACEHOLDER not in text
        and (text in sure or foresight.nearness(text) >= NEAR)
    ]
    found = []
    for text in fitting[: 2 * SHOWN]:
        answer = foresight.find(text, hotline=_hotline(article), now=now)
        covered = answer.outcome == Outcome.ANSWERED and answer.hits[0].external_id == (
            article.external_id
        )
        written = text in article.questions
        found.append(Suggestion(text, times[text], covered or written, written))
    found.sort(key=lambda one: one.covered)
    return found[:SHOWN]


def _hotline(article: Article) -> str:
    return article.hotlines[0] if article.hotlines else EVERY_HOTLINE
