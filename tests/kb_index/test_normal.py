from __future__ import annotations

import pytest

from kb_index.normal import normalise


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("居住證怎麼辦理", "居住证怎么办理"),
        ("１２３４５ ＡＢc", "12345 abc"),
        ("十八岁", "18岁"),
        ("两百元", "200元"),
        ("一万五千块", "15000块"),
        ("二十三号", "23号"),
        ("一千零五十", "1050"),
        ("一三八", "138"),
        ("两岁孩子", "2岁孩子"),
    ],
)
def test_ways_of_writing_the_same_become_one(written: str, meant: str) -> None:
    assert normalise(written) == meant


@pytest.mark.parametrize("word", ["一网通办", "统一", "万一", "千万别", "十分满意"])
def test_a_numeral_inside_a_word_is_no_number(word: str) -> None:
    assert "10001" not in normalise(word)
    assert normalise(word)[-1] == word[-1]
    assert normalise("统一") == "统一"
