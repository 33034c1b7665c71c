"""An article as both engines keep it: tokens that Python made, what filters need, and the body.

Engines split at blanks and know no language. `FORMAT` rises when this module changes what is
stored; an index of another format is refused and built anew.
"""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import blake2b
from itertools import chain

import msgspec

from kb_index.article import EVERY_HOTLINE, Article
from kb_index.sounds import sounds_of
from kb_index.tokens import tokens_of

FORMAT = 4
ANSWER_WEIGHT = 1.0  # of a word in the answer, when candidates are chosen; ranking weighs it anew
ANSWER_LENGTH = 20_000  # characters of an answer that are searched: twenty pages
CITY = EVERY_HOTLINE  # stands among the hotlines of an article that is everyone's
BEGINNING = 0
END = 253_402_300_799  # 9999-12-31, in seconds

_encoder = msgspec.json.Encoder(order="deterministic")
_decoder = msgspec.json.Decoder(Article)


class Document(msgspec.Struct, frozen=True, kw_only=True):
    external_id: str
    digest: int  # of the body: another text, another digest
    questions: str
    answer: str
    hotlines: list[str]
    effective_from: int  # seconds, counted
    effective_to: int  # seconds, not counted
    body: bytes


def document_of(article: Article) -> Document:
    body = _encoder.encode(article)
    questions = [tokens_of(text) for text in (*article.questions, *article.keywords)]
    return Document(
        external_id=article.external_id,
        digest=digest_of(body),
        questions=" ".join(
            chain.from_iterable((*tokens, *sounds_of(tokens)) for tokens in questions)
        ),
        answer=" ".join(tokens_of(article.answer[:ANSWER_LENGTH])),
        hotlines=list(article.hotlines) or [CITY],
        effective_from=seconds(article.effective_from, BEGINNING),
        effective_to=seconds(article.effective_to, END),
        body=body,
    )


def digest_of_article(article: Article) -> int:
    return digest_of(_encoder.encode(article))


def article_of(body: bytes) -> Article:
    return _decoder.decode(body)


def digest_of(body: bytes) -> int:
    """63 bits: a whole number in both engines."""
    return int.from_bytes(blake2b(body, digest_size=8).digest()) >> 1


def seconds(moment: datetime | None, missing: int) -> int:
    """Whole seconds. A moment within one counts as its end, on both borders of an interval."""
    if moment is None:
        return missing
    if moment.tzinfo is None:
        raise ValueError("the times of an article are aware")
    moment = moment.astimezone(UTC)
    return int(moment.timestamp()) + (moment.microsecond > 0)


def searched_second(now: datetime) -> int:
    """The second in which `now` lies, to compare with `effective_from` and `effective_to`."""
    if now.tzinfo is None:
        raise ValueError("a search happens at an aware time")
    return int(now.timestamp())
