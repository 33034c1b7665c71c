from __future__ import annotations

from pathlib import Path

import filelock
import pytest

import kb_index.embedded
from kb_index.embedded import EmbeddedIndex
from kb_index.index import IndexUnavailable, NotAnIndex, WriterBusy
from tests.kb_index.town import NOW, an_article


@pytest.fixture
def index(tmp_path: Path) -> EmbeddedIndex:
    index = EmbeddedIndex(tmp_path / "index")
    index.write([an_article()])
    return index


def test_a_second_writer_is_told_that_it_is_busy(
    index: EmbeddedIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kb_index.embedded, "WRITER_WAIT", 0.05)
    with filelock.FileLock(index.directory / "writer.lock"), pytest.raises(WriterBusy):
        index.write([an_article("dog")])
    index.write([an_article("dog")])
    assert index.count() == 2


def test_an_index_of_another_format_is_refused_and_can_be_rebuilt(index: EmbeddedIndex) -> None:
    (live,) = index.directory.glob("gen-*")
    (live / "format").write_text("0")
    reader = EmbeddedIndex(index.directory)
    with pytest.raises(NotAnIndex, match="rebuild"):
        reader.search_words(["居"], hotline="12341", now=NOW, limit=1)
    generation = reader.new_generation()
    generation.write([an_article("dog")])
    generation.go_live()
    assert reader.count() == 1


def test_a_broken_index_is_unavailable(index: EmbeddedIndex) -> None:
    (live,) = index.directory.glob("gen-*")
    (live / "meta.json").write_text("{")
    with pytest.raises(IndexUnavailable):
        EmbeddedIndex(index.directory).count()


def test_a_pointer_to_nothing_is_unavailable(index: EmbeddedIndex) -> None:
    (index.directory / "current").write_text("gen-gone")
    with pytest.raises(IndexUnavailable):
        EmbeddedIndex(index.directory).count()


def test_a_time_without_zone_is_a_fault_of_the_caller(index: EmbeddedIndex) -> None:
    with pytest.raises((ValueError, IndexUnavailable), match="aware"):
        index.search_words(["居"], hotline="", now=NOW.replace(tzinfo=None), limit=1)
