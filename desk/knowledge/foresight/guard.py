"""Guarded questions of the city's set: an entry that would make one of them go wrong is not
published.

One that is wrong already holds nothing up, and an index that is away neither: what citizens read
now may be what has to be mended. The set is asked again after every publication all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import structlog
from django.utils.translation import gettext as _

from desk.knowledge.foresight.asking import Answered, Question, ask_both, near
from desk.knowledge.models import Entry
from desk.knowledge.trying import finder
from desk.quality.judging import Verdict, is_worse, judge
from desk.quality.models import Question as OfSet
from kb_index.article import Article
from kb_index.index import IndexUnavailable
from kb_index.overlay import Changes

MOST = 2_000
SAID = 3  # questions that the reason names

log = structlog.get_logger(__name__)


def guarded_and_others() -> list[Question]:
    """The city's own set."""
    rows = OfSet.objects.values_list("text", "hotline_id", "expected", "guarded")
    return [
        Question(text, hotline, 0, expected, guarded=guarded)
        for text, hotline, expected, guarded in rows[:MOST]
    ]


def is_broken(one: Answered) -> bool:
    """A guarded question that was right, or nearly so, and would be no longer."""
    expected = one.question.expected
    if expected is None or not one.question.guarded:
        return False
    after, before = judge(one.after, expected), judge(one.before, expected)
    return after is not Verdict.RIGHT and is_worse(after, before)


def reason_against(article: Article, now: datetime) -> str:
    """In words why this must not be published; empty: it may be."""
    broken = broken_by({article.external_id: article}, now)
    if not broken:
        return ""
    said = "、".join(f"“{one.question.text}”" for one in broken[:SAID])
    words = _(
        "Guarded questions would go wrong (%(count)d): %(questions)s. Narrow this entry’s "
        "questions, or change what the set expects; a draft can be kept meanwhile."
    )
    return words % {"count": len(broken), "questions": said}


def broken_by(changes: Changes, now: datetime) -> list[Answered]:
    """The guarded questions that would go wrong."""
    guarded = [one for one in guarded_and_others() if one.guarded]
    if not guarded:
        return []
    try:
        foresight = finder().foresee(changes)
        answered = ask_both(changes, foresight, near(foresight, guarded), now)
    except IndexUnavailable as error:
        log.warning("guarded questions were not asked", error=type(error).__name__)
        return []
    return [one for one in answered if is_broken(one)]


def breaking(entries: Sequence[Entry], now: datetime) -> list[Entry]:
    """Those of these drafts that make a guarded question go wrong; all, when only together."""
    articles = [newest_article(entry) for entry in entries]
    if not broken_by({one.external_id: one for one in articles}, now):
        return []
    alone = [
        entry
        for entry, article in zip(entries, articles, strict=True)
        if broken_by({article.external_id: article}, now)
    ]
    return alone or list(entries)


def newest_article(entry: Entry) -> Article:
    """The newest version, as the index would hold it."""
    newest: Entry = entry.get_latest_revision_as_object() if entry.latest_revision_id else entry
    return newest.to_article()
