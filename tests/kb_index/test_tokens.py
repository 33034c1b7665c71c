from __future__ import annotations

import pytest

from benchmarks.questions import demo_articles
from kb_index.tokens import tokens_of
from kb_index.words import words_of

WRITTEN = (
    *("", " ", "居住证", "ETC 怎么办", "满65周岁", "两百三十块", "12.5 元", "A4纸, B5 纸"),
    *("您好！請問 護照怎麼換？", "第一，第二；第三。", "办 理", "驾照丢了，社保卡也丢了"),
)


@pytest.mark.parametrize("text", WRITTEN)
def test_a_text_is_indexed_with_the_tokens_that_it_is_searched_by(text: str) -> None:
    assert sorted(tokens_of(text)) == sorted(words_of(text).every)


def test_the_demos_answers_are_indexed_with_the_tokens_that_they_are_searched_by() -> None:
    for article in demo_articles():
        assert sorted(tokens_of(article.answer)) == sorted(words_of(article.answer).every)
