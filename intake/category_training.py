"""Teach the shipped half of `category` again: ``python -m intake.category_training FILE …``.

It learns from the words of ``categories.json`` and from files of questions that we wrote ourselves
(JSON lines with `question`, `similar_questions` and `category`; or a JSON list of `text` and
`category`). A city that has taught its own model never asks this one.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from intake.category import MODEL, NOTHING, plain, words_of
from intake.learning import Figures, learn

RUNS = (1, 2)  # the sentences are short: longer runs are those sentences, not rules
_GAP = "…"
NOTHING_TOLD = Path(__file__).with_name("nothing_told.txt")  # greetings, names, answers


def samples(files: Sequence[Path]) -> list[tuple[str, str]]:
    """(text, category) of all that it learns from; only categories that the words know."""
    names = words_of()
    known = list(_of_words(names))
    known += [(text, NOTHING) for text in NOTHING_TOLD.read_text(encoding="utf-8").split()]
    known += [(text, name) for file in files for text, name in _of_file(file) if name in names]
    return [(plain(text), name) for text, name in known]


def _of_words(names: dict[str, str]) -> Iterator[tuple[str, str]]:
    for name, words in names.items():
        plain = words.replace(_GAP, "")
        yield from ((word, name) for word in plain.split())
        yield name.replace("/", ""), name
        yield plain.replace(" ", "，"), name


def _of_file(file: Path) -> Iterator[tuple[str, str]]:
    for row in _rows(file.read_text(encoding="utf-8")):
        texts = [row["text"]] if "text" in row else [row["question"], *row["similar_questions"]]
        yield from ((text, row["category"]) for text in texts)


def _rows(content: str) -> list[dict[str, Any]]:
    if content.lstrip().startswith("["):
        rows: list[dict[str, Any]] = json.loads(content)
        return rows
    return [json.loads(line) for line in content.splitlines() if line.strip()]


def teach(files: Sequence[Path], to: Path = MODEL) -> Figures:
    """Write the model; its figures are of sentences left out."""
    model, figures = learn("category", samples(files), at=datetime.now(UTC), runs=RUNS)
    model.save(to)
    return figures


if __name__ == "__main__":
    print(teach([Path(name) for name in sys.argv[1:]]))
