"""A whole index anew, beside the live one, while the desk goes on publishing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Sized
from itertools import batched
from pathlib import Path

from kb_index.article import Article
from kb_index.opening import open_index

BATCH = 1_000

type Changes = tuple[Sequence[Article], Sequence[str]]  # upserts, deletes


def rebuild(
    home: Path,
    elasticsearch_url: str,
    articles: Iterable[Article],
    progress: Callable[[int, int], None],
    changed_since: Callable[[], Changes],
) -> None:
    """Build a new generation of `articles` and make it the live one.

    `changed_since` answers what changed since the call began. It is asked twice: before the new
    generation goes live, and after, for what was written to the old one in between. `progress` is
    told (done, total), with a total of 0 when `articles` has no length. Raises `IndexUnavailable`,
    and then the live generation is as it was.
    """
    index = open_index(home, elasticsearch_url)
    try:
        generation = index.new_generation()
        try:
            total = len(articles) if isinstance(articles, Sized) else 0
            done = 0
            for batch in batched(articles, BATCH):
                generation.write(batch)
                done += len(batch)
                progress(done, total)
            upserts, deletes = changed_since()
            generation.write(upserts, deletes)
            generation.go_live()
        except BaseException:
            generation.discard()
            raise
        upserts, deletes = changed_since()
        if upserts or deletes:
            index.write(upserts, deletes)
    finally:
        index.close()
