from __future__ import annotations

from itertools import pairwise

import pytest

from kb_index.article import Article
from kb_index.index import Frequencies, Index
from kb_index.passages import LONGEST, best_passage, passage_at, passages_of
from kb_index.relevance import passage_for, profile_of, score_words
from kb_index.words import words_of
from tests.kb_index.town import NOW, an_article

FILLER = "本办法自公布之日起施行，由各有关部门按照职责分工负责落实。\n"
RENT = "从事餐饮的小微商户，可以凭营业执照申请减免三个月房租，向街道经济科提交。"
BUS = "七十周岁以上的老人乘坐公交线路不收票款，上车时出示敬老卡即可。"
POLICY = FILLER * 130 + RENT + FILLER * 20 + BUS + FILLER * 20
NO_FREQUENCIES = Frequencies(50, {}, {})


def test_a_short_answer_is_not_cut() -> None:
    assert passages_of("持身份证到派出所申请。" * 5).spans == ()


def test_passages_hold_all_of_an_answer_and_overlap() -> None:
    spans = passages_of(POLICY).spans
    assert spans[0][0] == 0
    assert spans[-1][1] == len(POLICY)
    assert all(before[0] < after[0] <= before[1] for before, after in pairwise(spans))
    assert any(after[0] < before[1] for before, after in pairwise(spans))


def test_a_passage_begins_and_ends_with_a_sentence() -> None:
    passages = passages_of(POLICY)
    for number in range(len(passages.spans)):
        text = passage_at(POLICY, passages, number).text
        assert text.endswith("。")
        assert text.startswith(("本办法", "从事餐饮", "七十周岁"))


@pytest.mark.parametrize("answer", ["无" * 1_000, "\n" * 500, "一。" * 400, "甲；\n\n" * 200])
def test_an_answer_without_ordinary_sentences_is_cut_all_the_same(answer: str) -> None:
    spans = passages_of(answer).spans
    assert spans[-1][1] == len(answer)
    assert all(end - start <= LONGEST for start, end in spans)


def test_the_passage_that_holds_most_is_the_best() -> None:
    passages = passages_of(POLICY)
    number, _ = best_passage(passages, dict.fromkeys(words_of("公交线路敬老卡").every, 1.0))
    assert BUS in passage_at(POLICY, passages, number).text


def test_a_passage_tells_where_it_stands() -> None:
    profile = profile_of(an_article("policy", question="惠民政策有哪些", answer=POLICY))
    passage = passage_for(words_of("餐饮商户减免房租找谁"), profile, NO_FREQUENCIES)
    assert passage is not None
    assert RENT in passage.text
    assert POLICY[passage.start : passage.end] == passage.text


def test_who_asks_for_the_whole_gets_no_passage() -> None:
    profile = profile_of(an_article("policy", question="惠民政策有哪些", answer=POLICY))
    assert passage_for(words_of("惠民政策有哪些"), profile, NO_FREQUENCIES) is None


def test_what_stands_together_counts_for_more_than_what_is_scattered() -> None:
    scattered = FILLER * 20 + "餐饮。" + FILLER * 20 + "减免。" + FILLER * 20 + "房租。"
    together = FILLER * 60 + "餐饮减免房租。"
    profiles = [
        profile_of(an_article(name, question=f"{name}通知", answer=answer))
        for name, answer in (("甲", scattered), ("乙", together))
    ]
    first, second = score_words(words_of("餐饮房租"), profiles, NO_FREQUENCIES)
    assert second.passage > first.passage


def test_what_stands_at_the_end_of_a_long_answer_is_found(
    index: Index, town: list[Article]
) -> None:
    assert POLICY.index(RENT) > 3_000
    index.write([an_article("policy", question="惠民政策有哪些", answer=POLICY), *town])
    words = list(dict.fromkeys(words_of("餐饮商户减免房租").every))
    found = index.search_words(words, hotline="12341", now=NOW, limit=5)
    assert "policy" in [one.external_id for one in found]
