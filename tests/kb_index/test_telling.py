from __future__ import annotations

from kb_index.index import Frequencies
from kb_index.telling import telling_words

FREQUENCIES = Frequencies(100, {"的": 90, "居住": 4, "证": 40, "柳园": 1}, {"的": 95, "证": 10})


def test_a_small_index_is_asked_for_every_word_that_it_holds() -> None:
    words = ["的", "居住", "没有", "证"]
    assert telling_words(words, FREQUENCIES) == ["的", "居住", "证"]


def test_the_rarest_words_are_asked_for_while_there_is_room() -> None:
    words = ["的", "居住", "证", "柳园"]
    assert telling_words(words, FREQUENCIES, read=60) == ["居住", "证", "柳园"]
    assert telling_words(words, FREQUENCIES, read=20) == ["居住", "柳园"]


def test_the_only_word_is_asked_for_however_common_it_is() -> None:
    assert telling_words(["的"], FREQUENCIES, read=10) == ["的"]
