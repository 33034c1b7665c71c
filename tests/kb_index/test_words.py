from __future__ import annotations

import pytest

from kb_index.words import words_of


def test_a_text_is_its_characters_and_their_pairs() -> None:
    assert set(words_of("落花生").every) == {"落", "花", "生", "落花", "花生"}


def test_a_comma_parts_neighbours_and_a_blank_does_not() -> None:
    assert "花生" not in words_of("落花，生").every
    assert "pos机" in words_of("POS 机").every


def test_latin_words_and_numbers_stay_whole() -> None:
    assert {"etc", "12306"} <= set(words_of("ETC和12306").every)


def test_what_citizens_call_a_thing_meets_its_official_name() -> None:
    assert set(words_of("驾照").every) & set(words_of("机动车驾驶证").every) >= {"=机动车驾驶证"}


@pytest.mark.parametrize(
    "text",
    ["怎么办理", "请问需要什么材料", "北京哪里可以办理呢", "多少钱", "你好", "？？", "", "  "],
)
def test_generic_phrases_are_not_specific(text: str) -> None:
    assert words_of(text).specific == frozenset()


def test_a_subject_is_specific_within_generic_phrases() -> None:
    assert "居住" in words_of("请问居住证怎么办理").specific
    assert "怎么" not in words_of("请问居住证怎么办理").specific
