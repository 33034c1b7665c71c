"""What is kept can be listed, put back and removed, and nothing leads out of the store."""

from __future__ import annotations

from pathlib import Path

import pytest

from environment.media_store import MediaStore


@pytest.fixture
def store(tmp_path: Path) -> MediaStore:
    return MediaStore((tmp_path / "media").as_uri())


def test_an_empty_store_has_no_keys(store: MediaStore) -> None:
    assert store.keys() == []


def test_what_is_put_is_listed_and_read_under_its_key(store: MediaStore) -> None:
    store.put("12345-web/ab/one.png", b"one")
    store.put("sent/20261127/two.pdf", b"two")
    assert store.keys() == ["12345-web/ab/one.png", "sent/20261127/two.pdf"]
    assert store.keys("sent") == ["sent/20261127/two.pdf"]
    assert store.read("sent/20261127/two.pdf") == b"two"


def test_what_is_still_being_written_is_not_listed(store: MediaStore, tmp_path: Path) -> None:
    store.put("a/one.png", b"one")
    (tmp_path / "media" / "a" / "two.png.7f.part").write_bytes(b"tw")
    assert store.keys() == ["a/one.png"]


def test_removing_twice_is_once(store: MediaStore) -> None:
    store.put("a/one.png", b"one")
    store.remove("a/one.png")
    store.remove("a/one.png")
    assert store.keys() == []


@pytest.mark.parametrize("key", ["", "../one.png", "a/../../one.png"])
def test_no_key_leads_out_of_the_store(store: MediaStore, key: str) -> None:
    with pytest.raises(FileNotFoundError):
        store.put(key, b"one")
    with pytest.raises(FileNotFoundError):
        store.remove(key)
