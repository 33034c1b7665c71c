"""Citizens' questions for a run: each one is different, so that no cache can answer for the system.

They are the demo entries' similar questions as somebody would type them: with a greeting, with who
or where one is, with thanks. Some of what is added says nothing (您好), some changes the words that
the search works with (我妈今年六十八了), as in real messages.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from pathlib import Path

from environment.settings import ROOT
from kb_index.article import Article

ENTRIES = ROOT / "desk" / "demo" / "content"

OPENINGS = (
    *("", "您好，", "你好 ", "请问", "麻烦问一下，", "咨询一下，", "在吗？", "想了解下，"),
    *("师傅您好，", "不好意思打扰了，", "有个事想问问，", "帮我看看，", "问个问题："),
)
ABOUT_ONESELF = (
    *("", "", "", "", "我妈今年六十八了，", "我在海淀上班，", "孩子刚上小学，", "我是外地来的，"),
    *("我住在回龙观，", "上周去了一趟窗口没办成，", "家里老人腿脚不方便，", "我爱人让我问的，"),
    *("我朋友说不用了，", "网上说法不一样，", "我租房住在通州，", "昨天打电话没打通，"),
)
CLOSINGS = (
    *("", "？", "，谢谢", "，谢谢您了", "，急", "，麻烦了", "？在线等", "，辛苦", "呢", "啊"),
    *("，怎么弄", "，周末能办吗", "，要跑几趟", "，说简单点", "，盼复"),
)


@dataclass(frozen=True)
class Question:
    text: str
    entry: str  # external id of the entry that it asks for


def demo_articles() -> list[Article]:
    """The demo city's published entries, as they go into the index."""
    rows = [
        json.loads(line)
        for name in ("entries_a.jsonl", "entries_b.jsonl")
        for line in (ENTRIES / name).read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]
    return [
        Article(
            external_id=row["external_id"],
            question=row["question"],
            similar_questions=tuple(row["similar_questions"]),
            answer=row["answer"],
            department=row["department"],
            hotlines=tuple(row["hotlines"]),
            category=row["category"],
            keywords=tuple(row["keywords"]),
            source=row["source"],
            version=1,
        )
        for row in rows
        if row["status"] == "published" and not row["effective_to"]
    ]


def questions(
    articles: Sequence[Article], *, hotline: str, now: datetime, seed: int = 12345
) -> Iterator[Question]:
    """Distinct questions in a fixed order, thousands of them, about entries of this hotline."""
    order = random.Random(seed)  # noqa: S311 - the same questions in every run
    asked = [
        Question(text, article.external_id)
        for article in articles
        if article.may_be_shown(hotline, now)
        for text in article.similar_questions
    ]
    around = list(product(OPENINGS, dict.fromkeys(ABOUT_ONESELF), CLOSINGS))
    order.shuffle(asked)
    order.shuffle(around)
    given: set[str] = set()
    for turn in range(len(around)):
        for number, question in enumerate(asked):
            # A different step for each question, so that neighbours do not share their wrapping.
            text = _wrapped(question.text, around[(turn + number * 37) % len(around)], order)
            if text not in given:
                given.add(text)
                yield Question(text, question.entry)


def _wrapped(text: str, around: tuple[str, str, str], order: random.Random) -> str:
    opening, about, closing = around
    if about == "" or order.random() < _BARE:
        about = ""
    core = text.rstrip("？?。 ")
    return f"{opening}{about}{core}{closing}"


_BARE = 0.25  # of the questions say nothing of the one who asks, besides those that happen to


def texts_left_out(article: Article) -> list[tuple[str, Article]]:
    """Each similar question with the article as it is without it."""
    return [
        (text, _without(article, position))
        for position, text in enumerate(article.similar_questions)
    ]


def _without(article: Article, position: int) -> Article:
    from msgspec.structs import replace

    kept = (
        *article.similar_questions[:position],
        *article.similar_questions[position + 1 :],
    )
    return replace(article, similar_questions=kept)


def entry_files() -> list[Path]:
    return [ENTRIES / "entries_a.jsonl", ENTRIES / "entries_b.jsonl"]
