from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.cutting import BYTES, UTF16_UNITS, Measure, cut

SENTENCE = "办理居住证请带身份证，电话01088886666，网址https://example.gov.cn/a?b=c。"


@given(st.text(max_size=300), st.integers(8, 60), st.sampled_from([BYTES, UTF16_UNITS]))
def test_nothing_is_lost_and_nothing_is_too_long(text: str, limit: int, measure: Measure) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    pieces = cut(text, limit, measure)
    assert all(measure.of(piece) <= limit for piece in pieces)
    assert re.sub(r"\s", "", "".join(pieces)) == re.sub(r"\s", "", text)


@pytest.mark.parametrize("limit", range(100, 200, 7))
def test_numbers_and_addresses_stay_whole(limit: int) -> None:
    pieces = cut(SENTENCE * 12, limit)
    assert len(pieces) > 5
    joined = "\n".join(pieces)
    assert joined.count("01088886666") == 12
    assert joined.count("https://example.gov.cn/a?b=c") == 12


WHOLE = [
    "01088886666",
    "010-8888 6666",
    "1,234,567.89元",
    "2026-11-24",
    "2026年11月24日",
    "9:00—12:00",
    "17:30",
    "３．５万",
    "三百二十五万",
    "35%",
    "〔2026〕13号",
    "https://example.gov.cn/a?b=c&d=2026-11-24#e",
    "12345.example.gov.cn/shebao",
    "someone@example.gov.cn",
    "e\u0301",
    "👨\u200d👩\u200d👧",
    "👍🏽",
    "🇨🇳",
    "1\ufe0f\u20e3",
    "𠮷",
]
FILLING = st.text("办理居住证请带身份证到窗口，。；\n", min_size=1, max_size=12)


@given(
    st.lists(st.tuples(FILLING, st.sampled_from(WHOLE)), min_size=1, max_size=30),
    st.integers(60, 140),
    st.sampled_from([BYTES, UTF16_UNITS]),
)
def test_no_number_address_or_character_is_torn_apart(
    said: list[tuple[str, str]], limit: int, measure: Measure
) -> None:
    pieces = cut("".join(f"{words}{whole}" for words, whole in said), limit, measure)
    assert all(measure.of(piece) <= limit for piece in pieces)
    left = "\n".join(pieces)
    for _, whole in said:
        assert whole in left
        left = left[left.index(whole) + len(whole) :]


def test_it_cuts_at_the_end_of_a_sentence_where_it_can() -> None:
    pieces = cut("第一句话说完了。第二句话也说完了。第三句。", 54)
    assert pieces[0].endswith("。")


def test_a_family_is_not_torn_apart() -> None:
    family = "👨\u200d👩\u200d👧"
    for piece in cut("好" * 3 + family * 6, 40):
        assert not piece.startswith("\u200d")
        assert not piece.endswith("\u200d")


def test_an_endless_word_is_cut_all_the_same() -> None:
    assert cut("a" * 25, 10) == ["a" * 10, "a" * 10, "a" * 5]


def test_short_and_empty_texts_are_left_alone() -> None:
    assert cut("您好", 10) == ["您好"]
    assert cut("  \n ", 10) == []
