"""What a search hands to whoever asked: entries as they may be told, and how the search ended."""

from __future__ import annotations

from datetime import date

import msgspec

from kb_index.article import Article
from kb_index.decision import Outcome
from kb_index.passages import Passage


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    external_id: str
    question: str
    answer: str
    department: str
    category: str
    source: str
    document_number: str
    confirmed_on: date | None
    version: int
    score: float  # its probability, 0 to 1
    passage: Passage | None = None  # of a long answer: where it says what is asked


class Further(msgspec.Struct, frozen=True):
    """Another question of the same matter."""

    external_id: str
    question: str


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    outcome: Outcome
    reason: str  # a `Reason`
    hits: tuple[Hit, ...] = ()  # one when answered, two or three on a menu, twins when asked back
    asks: str = ""  # what is asked back …
    labels: tuple[str, ...] = ()  # … and the answer to it that leads to each hit
    further: tuple[Further, ...] = ()  # beside an answer
    encoder_calls: int = 0
    cache_hits: int = 0


def hit_of(article: Article, score: float, passage: Passage | None = None) -> Hit:
    return Hit(
        external_id=article.external_id,
        question=article.question,
        answer=article.answer,
        department=article.department,
        category=article.category,
        source=article.source,
        document_number=article.document_number,
        confirmed_on=article.confirmed_on,
        version=article.version,
        score=round(score, 4),
        passage=passage,
    )
