from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

import kb_index.meaning
from kb_index.document import digest_of_article
from kb_index.embedded import EmbeddedIndex
from kb_index.index import Candidate
from kb_index.meaning import Follower
from kb_index.nearest import OnDisk, Resident, nearest_articles, nearest_candidates
from tests.kb_index.encoders import Letters
from tests.kb_index.town import NOW, an_article


def test_what_is_written_is_encoded_and_what_is_known_is_not_encoded_again(tmp_path: Path) -> None:
    index, encoder = EmbeddedIndex(tmp_path / "index"), Letters()
    follower = Follower(index, encoder, tmp_path / "vectors")
    index.write([an_article()])
    follower.catch_up()
    index.write([an_article("heating")])
    follower.catch_up()
    follower.catch_up()
    assert sorted(encoder.encoded) == sorted(
        [an_article().question, an_article("heating").question]
    )
    assert isinstance(follower.meanings, Resident)
    assert set(follower.meanings.entries) == {
        digest_of_article(an_article()),
        digest_of_article(an_article("heating")),
    }


def test_a_withdrawn_article_loses_its_meaning(tmp_path: Path) -> None:
    index = EmbeddedIndex(tmp_path / "index")
    follower = Follower(index, Letters(), None)
    index.write([an_article(), an_article("heating")])
    follower.catch_up()
    index.write([], ["residence"])
    follower.catch_up()
    assert isinstance(follower.meanings, Resident)
    assert set(follower.meanings.entries) == {digest_of_article(an_article("heating"))}


def test_meaning_finds_only_what_may_be_shown(tmp_path: Path) -> None:
    index, encoder = EmbeddedIndex(tmp_path / "index"), Letters()
    follower = Follower(index, encoder, None)
    index.write(
        [
            an_article("residence", hotlines=("96105",)),
            an_article("heating", effective_to=NOW),
            an_article("dog", effective_from=NOW + timedelta(days=1)),
            an_article("noise"),
        ]
    )
    follower.catch_up()
    vector = encoder.questions(["居住证"])[0]
    meanings = follower.meanings
    assert isinstance(meanings, Resident)
    assert nearest_articles(meanings, vector, hotline="12341", now=NOW, limit=9) == ["noise"]
    assert nearest_articles(meanings, vector, hotline="96105", now=NOW, limit=1) == ["residence"]


def test_a_running_follower_stops(tmp_path: Path) -> None:
    follower = Follower(EmbeddedIndex(tmp_path / "index"), Letters(), None)
    follower.start()
    follower.stop()
    assert follower._thread is not None
    assert not follower._thread.is_alive()


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three articles are many."""
    monkeypatch.setattr(kb_index.meaning, "RESIDENT", 2)


@pytest.mark.usefixtures("large")
def test_the_vectors_of_a_large_index_stay_on_disk(tmp_path: Path) -> None:
    index, encoder = EmbeddedIndex(tmp_path / "index"), Letters()
    follower = Follower(index, encoder, tmp_path / "vectors")
    index.write([an_article(), an_article("heating"), an_article("dog")])
    follower.catch_up()
    assert isinstance(follower.meanings, OnDisk)
    wanted = [digest_of_article(an_article("dog")), 7]
    dog, nobody = follower.meanings.known_of(wanted)
    assert nobody is None
    assert dog is not None
    expected = encoder.questions([an_article("dog").question])
    assert np.allclose(dog.rows, expected, atol=1e-3)
    follower.stop()


@pytest.mark.usefixtures("large")
def test_of_a_large_index_too_only_what_is_new_is_encoded(tmp_path: Path) -> None:
    index, encoder = EmbeddedIndex(tmp_path / "index"), Letters()
    index.write([an_article(), an_article("heating"), an_article("dog")])
    for _ in range(2):  # another process begins with what the first one kept
        follower = Follower(index, encoder, tmp_path / "vectors")
        follower.catch_up()
        follower.stop()
    index.write([an_article("noise")])
    follower = Follower(index, encoder, tmp_path / "vectors")
    follower.catch_up()
    follower.stop()
    written = ("residence", "heating", "dog", "noise")
    assert sorted(encoder.encoded) == sorted(an_article(one).question for one in written)


@pytest.mark.usefixtures("large")
def test_of_a_large_index_the_nearest_by_words_are_compared(tmp_path: Path) -> None:
    index, encoder = EmbeddedIndex(tmp_path / "index"), Letters()
    index.write([an_article(), an_article("heating"), an_article("dog")])
    follower = Follower(index, encoder, tmp_path / "vectors")
    follower.catch_up()
    assert isinstance(follower.meanings, OnDisk)
    candidates = [
        Candidate(one, digest_of_article(an_article(one)), 1.0) for one in ("heating", "dog")
    ]
    candidates.append(Candidate("not-encoded", 7, 1.0))
    vector = encoder.questions(["养犬登记"])[0]
    near = nearest_candidates(follower.meanings, vector, candidates, limit=9)
    assert near == ["dog", "heating"]
    follower.stop()


@pytest.mark.usefixtures("large")
def test_an_index_that_has_become_small_is_compared_as_a_whole(tmp_path: Path) -> None:
    index = EmbeddedIndex(tmp_path / "index")
    follower = Follower(index, Letters(), tmp_path / "vectors")
    index.write([an_article(), an_article("heating"), an_article("dog")])
    follower.catch_up()
    index.write([], ["dog"])
    follower.catch_up()
    assert isinstance(follower.meanings, Resident)
    assert len(follower.meanings.entries) == 2
    follower.stop()
