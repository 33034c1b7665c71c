from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path
from threading import Event

import pytest

from kb_index.article import Article
from kb_index.build import rebuild
from kb_index.finding import Finder
from kb_index.index import Index
from kb_index.opening import open_index
from tests.kb_index.town import NOW, TOWN, an_article


def no_changes() -> tuple[list[Article], list[str]]:
    return [], []


def test_a_rebuild_replaces_what_was_there(index: Index, engine_url: str, tmp_path: Path) -> None:
    index.write([an_article("left-over")])
    told: list[tuple[int, int]] = []
    articles = [an_article(), an_article("dog")]
    rebuild(tmp_path, engine_url, articles, lambda *step: told.append(step), no_changes)
    assert {article.external_id for article in index.scan()} == {"residence", "dog"}
    assert told == [(2, 2)]


def test_what_was_published_meanwhile_is_in_the_new_generation(
    index: Index, engine_url: str, tmp_path: Path
) -> None:
    index.write([an_article(), an_article("dog")])

    def articles() -> Iterator[Article]:
        yield an_article()
        yield an_article("dog")
        index.write([an_article(version=2)], ["dog"])

    rebuild(
        tmp_path,
        engine_url,
        articles(),
        lambda done, total: None,
        lambda: ([an_article(version=2)], ["dog"]),
    )
    assert list(index.scan()) == [an_article(version=2)]


def test_what_is_published_during_the_swap_is_not_lost(
    index: Index, engine_url: str, tmp_path: Path
) -> None:
    index.write([an_article()])
    changes: list[Article] = []

    def changed_since() -> tuple[list[Article], list[str]]:
        seen = list(changes)
        if not changes:  # published right after the first look, to the old generation
            changes.append(an_article("heating"))
            index.write(changes)
        return seen, []

    rebuild(tmp_path, engine_url, [an_article()], lambda done, total: None, changed_since)
    assert {article.external_id for article in index.scan()} == {"residence", "heating"}


def test_a_rebuild_that_fails_leaves_the_live_index(
    index: Index, engine_url: str, tmp_path: Path
) -> None:
    index.write([an_article()])

    def articles() -> Iterator[Article]:
        yield an_article("dog")
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        rebuild(tmp_path, engine_url, articles(), lambda done, total: None, no_changes)
    assert [article.external_id for article in index.scan()] == ["residence"]


def test_a_first_build_needs_no_index(engine_url: str, tmp_path: Path) -> None:
    rebuild(tmp_path, engine_url, [an_article()], lambda done, total: None, no_changes)
    index = open_index(tmp_path, engine_url)
    assert index.count() == 1
    index.close()


def test_old_generations_are_cleared_away(tmp_path: Path) -> None:
    for _ in range(4):
        rebuild(tmp_path, "", [an_article()], lambda done, total: None, no_changes)
    assert len(list((tmp_path / "index").glob("gen-*"))) == 2  # one may still be read


@pytest.mark.timeout(120)
def test_searches_go_on_while_an_index_is_built_anew(engine_url: str, tmp_path: Path) -> None:
    """No error and no question without its entry, in several threads, over several swaps."""
    town = [an_article(external_id) for external_id in TOWN]
    rebuild(tmp_path, engine_url, town, lambda done, total: None, no_changes)
    finder = Finder(open_index(tmp_path, engine_url), None)
    ended = Event()

    def go_on(first: int) -> tuple[int, list[str]]:
        lost = []
        for asked, article in enumerate(islice(cycle(town), first, None), start=1):
            found = finder.find(article.question, hotline="12345", now=NOW)
            if [hit.external_id for hit in found.hits] != [article.external_id]:
                lost.append(article.external_id)
            if ended.is_set():
                return asked, lost
        raise AssertionError("a cycle has no end")

    with ThreadPoolExecutor(3) as threads:
        searches = [threads.submit(go_on, first) for first in (0, 7, 14)]
        try:
            for _ in range(4):
                rebuild(tmp_path, engine_url, town, lambda done, total: None, no_changes)
        finally:
            ended.set()
        outcomes = [search.result() for search in searches]
    finder.close()
    assert [lost for _, lost in outcomes] == [[], [], []]
    assert all(asked > 0 for asked, _ in outcomes)


@pytest.mark.timeout(120)
def test_another_process_searches_on_over_a_swap(engine_url: str, tmp_path: Path) -> None:
    town = [an_article(external_id) for external_id in TOWN]
    rebuild(tmp_path, engine_url, town, lambda done, total: None, no_changes)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.kb_index.searching", str(tmp_path), engine_url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "searching\n"
        for _ in range(3):
            rebuild(tmp_path, engine_url, town, lambda done, total: None, no_changes)
        said, _ = process.communicate("end\n", timeout=60)
    finally:
        process.kill()
        process.wait()
    assert said == "lost nothing\n"
