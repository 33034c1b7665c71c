from __future__ import annotations

from pathlib import Path

import numpy as np

from kb_index.vectors import VectorStore
from tests.kb_index.encoders import Letters


def test_a_text_is_encoded_once_on_a_machine(tmp_path: Path) -> None:
    encoder = Letters()
    fresh = VectorStore(tmp_path, encoder).encode(["路灯不亮"])
    known = VectorStore(tmp_path, encoder).known(["路灯不亮", "从未见过"])
    assert list(known) == ["路灯不亮"]
    assert np.allclose(known["路灯不亮"], fresh["路灯不亮"], atol=1e-3)


def test_encoders_do_not_share_vectors(tmp_path: Path) -> None:
    other = Letters()
    other.name = "letters/2"
    VectorStore(tmp_path, Letters()).encode(["路灯不亮"])
    assert VectorStore(tmp_path, other).known(["路灯不亮"]) == {}


def test_more_texts_than_one_statement_takes_are_found(tmp_path: Path) -> None:
    texts = [f"第{number}个问题" for number in range(1_200)]
    store = VectorStore(tmp_path, Letters())
    store.encode(texts)
    assert len(store.known(texts)) == 1_200
