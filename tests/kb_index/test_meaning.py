from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from kb_index.document import digest_of_article
from kb_index.embedded import EmbeddedIndex
from kb_index.meaning import Follower
from kb_index.nearest import Resident, nearest_articles
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
