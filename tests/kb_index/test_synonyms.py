"""What a city calls things. On both engines."""

from __future__ import annotations

import pytest

from kb_index.decision import Outcome
from kb_index.finding import Finder
from kb_index.index import Index
from kb_index.notes import Notes, publish_synonyms, published_synonyms
from kb_index.synonyms import BadSynonyms, Synonyms, checked
from tests.kb_index.town import NOW, an_article

QUERY = "小绿本去哪弄"


def a_finder(index: Index) -> Finder:
    index.write([an_article("bus-card"), an_article("dog"), an_article("water")])
    return Finder(index, None)


def found(finder: Finder, query: str) -> list[str]:
    hits = finder.find(query, hotline="12341", now=NOW).hits
    return [hit.external_id for hit in hits]


def test_a_published_name_is_found_at_once_and_no_longer_when_it_is_taken_back(
    index: Index,
) -> None:
    finder = a_finder(index)
    assert found(finder, QUERY) == []
    finder.publish_synonyms([["免费乘车卡", "小绿本"]])
    assert found(finder, QUERY)[:1] == ["bus-card"]
    finder.publish_synonyms([])
    assert found(finder, QUERY) == []


def test_the_very_words_of_an_entry_are_the_same_under_another_name(index: Index) -> None:
    index.write([an_article("card", question="小绿本怎么申领"), an_article("dog")])
    finder = Finder(index, None)
    finder.publish_synonyms([["免费乘车卡", "小绿本"]])
    assert finder.find("小绿本怎么申领", hotline="12341", now=NOW).outcome is Outcome.ANSWERED


def test_another_process_reads_what_was_published_also_after_a_rebuild(index: Index) -> None:
    index.write([an_article()])
    publish_synonyms(index, [["免费乘车卡", " 小绿本 ", "小绿本"]])
    generation = index.new_generation()
    generation.write([an_article()])
    generation.go_live()
    assert published_synonyms(index) == [["免费乘车卡", "小绿本"]]
    assert Notes(index).synonyms().other_names(QUERY) == ["免费乘车卡"]


@pytest.mark.parametrize(
    "groups",
    [
        [["居住证"]],
        [["居住证", "居住证"]],
        [["居住证", "暂住证"], ["绿卡", "暂住证"]],
        [["居住证", "长" * 21]],
        [["证", *(f"证{number}" for number in range(12))]],
    ],
)
def test_what_cannot_be_used_is_refused_and_nothing_is_published(
    index: Index, groups: list[list[str]]
) -> None:
    index.write([an_article()])
    with pytest.raises(BadSynonyms):
        publish_synonyms(index, groups)
    assert published_synonyms(index) == []


def test_a_note_that_cannot_be_read_is_no_obstacle(index: Index) -> None:
    finder = a_finder(index)
    index.keep_note("synonyms", b"{}")
    index.keep_note("calibration", b"[]")
    assert found(finder, "养犬登记去哪里办") == ["dog"]


def test_the_encoder_reads_the_official_name() -> None:
    assert Synonyms([["免费乘车卡", "小绿本"]]).officially("小绿本丢了") == "免费乘车卡丢了"
    assert checked([["甲卡", "乙卡"]]) == [["甲卡", "乙卡"]]
