"""What both engines promise. Never scores: ranking is measured elsewhere."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from kb_index.article import EVERY_HOTLINE, Article
from kb_index.document import digest_of_article
from kb_index.index import Index
from kb_index.opening import open_index
from kb_index.words import words_of
from tests.kb_index.town import NOW, an_article


def found(index: Index, text: str, hotline: str = "12341", now: object = NOW) -> list[str]:
    words = list(dict.fromkeys(words_of(text).every))
    candidates = index.search_words(words, hotline=hotline, now=now, limit=5)  # type: ignore[arg-type]
    return [candidate.external_id for candidate in candidates]


def test_an_index_that_was_never_written_is_empty(index: Index) -> None:
    assert index.count() == 0
    assert found(index, "居住证") == []
    assert index.get("residence") is None
    assert index.articles(["residence"]) == {}
    assert list(index.scan()) == []
    assert index.frequencies(["证"]).total == 0
    assert index.stamp() == ""


def test_a_written_article_is_found_at_once(index: Index, town: list[Article]) -> None:
    index.write(town)
    assert found(index, "居住证怎么办")[0] == "residence"
    assert index.count() == len(town)


def test_an_article_comes_back_as_it_was_written(index: Index) -> None:
    article = an_article(
        similar_questions=("暂住证还办吗",),
        department="公安局",
        hotlines=("12341",),
        category="户籍/居住证",
        keywords=("居住登记",),
        source="办事指南",
        document_number="〔2026〕1号",
        effective_from=NOW,
        effective_to=NOW + timedelta(days=1),
        version=7,
    )
    index.write([article])
    assert index.get("residence") == article
    assert list(index.scan()) == [article]


def test_a_new_version_replaces_the_old_one(index: Index) -> None:
    index.write([an_article()])
    index.write([an_article(question="港澳通行证怎么签注", version=2)])
    assert found(index, "居住证") == ["residence"]  # 证 alone
    assert found(index, "港澳签注") == ["residence"]
    assert index.count() == 1
    article = index.get("residence")
    assert article is not None
    assert article.version == 2


def test_of_two_versions_in_one_batch_the_later_stays(index: Index) -> None:
    index.write([an_article(version=1), an_article(version=2)])
    assert index.count() == 1
    article = index.get("residence")
    assert article is not None
    assert article.version == 2


def test_a_withdrawn_article_is_never_found(index: Index, town: list[Article]) -> None:
    index.write(town)
    index.write([], ["residence"])
    assert "residence" not in found(index, "居住证怎么办理")
    assert index.get("residence") is None
    assert index.count() == len(town) - 1


def test_withdrawing_what_is_not_there_is_no_error(index: Index) -> None:
    index.write([an_article()], ["never-written"])
    assert index.count() == 1


def test_a_similar_question_finds_the_article(index: Index) -> None:
    index.write([an_article(similar_questions=("暂住的手续",)), an_article("heating")])
    assert found(index, "暂住手续")[0] == "residence"


def test_words_of_the_answer_find_the_article(index: Index, town: list[Article]) -> None:
    index.write(town)
    assert found(index, "测温")[0] == "heating"


def test_an_article_of_another_hotline_is_not_found(index: Index) -> None:
    index.write([an_article(hotlines=("96105", "96181"))])
    assert found(index, "居住证", hotline="12341") == []
    assert found(index, "居住证", hotline="") == []
    assert found(index, "居住证", hotline="96181") == ["residence"]
    assert found(index, "居住证", hotline=EVERY_HOTLINE) == ["residence"]


def test_an_article_without_hotlines_is_everyones(index: Index) -> None:
    index.write([an_article()])
    assert found(index, "居住证", hotline="12341") == ["residence"]
    assert found(index, "居住证", hotline="96105") == ["residence"]


def test_an_article_counts_from_its_first_moment_until_before_its_last(index: Index) -> None:
    index.write([an_article(effective_from=NOW, effective_to=NOW + timedelta(hours=1))])
    second = timedelta(seconds=1)
    assert found(index, "居住证", now=NOW - second) == []
    assert found(index, "居住证", now=NOW) == ["residence"]
    assert found(index, "居住证", now=NOW + timedelta(hours=1) - second) == ["residence"]
    assert found(index, "居住证", now=NOW + timedelta(hours=1)) == []


def test_frequencies_count_articles(index: Index, town: list[Article]) -> None:
    index.write(town)
    frequencies = index.frequencies(["居住", "派出所", "没有的词", "派"])
    assert frequencies.total == len(town)
    assert frequencies.questions["居住"] == 1
    assert frequencies.questions.get("没有的词", 0) == 0
    assert frequencies.answers["派"] == 4


def test_the_stamp_changes_with_the_index_only(index: Index) -> None:
    index.write([an_article()])
    before = index.stamp()
    assert index.stamp() == before
    index.write([an_article("heating")])
    assert index.stamp() != before


def test_another_process_sees_what_was_written(
    index: Index, engine_url: str, tmp_path: Path
) -> None:
    reader = open_index(tmp_path, engine_url)
    assert reader.count() == 0
    index.write([an_article()])
    assert reader.count() == 1
    assert found(reader, "居住证") == ["residence"]
    reader.close()


def test_a_generation_is_seen_once_it_is_live(index: Index) -> None:
    index.write([an_article(), an_article("heating")])
    generation = index.new_generation()
    generation.write([an_article("dog")])
    assert found(index, "养犬") == []
    generation.go_live()
    assert found(index, "养犬登记") == ["dog"]
    assert index.count() == 1


def test_a_discarded_generation_leaves_the_live_one(index: Index) -> None:
    index.write([an_article()])
    generation = index.new_generation()
    generation.write([an_article("dog")])
    generation.discard()
    assert index.count() == 1
    assert found(index, "居住证") == ["residence"]


def test_more_articles_than_a_page_are_all_scanned(index: Index) -> None:
    many = [an_article(f"entry-{number}") for number in range(1_050)]
    index.write(many)
    assert {article.external_id for article in index.scan()} == {one.external_id for one in many}


def test_a_survey_brings_the_articles_that_are_not_known(index: Index, town: list[Article]) -> None:
    index.write(town)
    known = {digest_of_article(article) for article in town[:15]}
    surveyed = dict(index.survey(known))
    assert surveyed.keys() == {digest_of_article(article) for article in town}
    assert {digest for digest, article in surveyed.items() if article is None} == known
    assert [surveyed[digest_of_article(article)] for article in town[15:]] == town[15:]


def test_a_note_is_kept_over_generations_and_is_no_article(index: Index) -> None:
    assert index.note("calibration") is None
    index.write([an_article()])
    index.keep_note("calibration", b'{"one": 1}')
    index.keep_note("calibration", '{"二": 2}'.encode())
    generation = index.new_generation()
    generation.write([an_article("dog")])
    generation.go_live()
    assert index.note("calibration") == '{"二": 2}'.encode()
    assert index.note("another") is None
    assert index.count() == 1
    assert [article.external_id for article in index.scan()] == ["dog"]


def test_a_generation_has_a_name_of_its_own(index: Index) -> None:
    assert index.generation() == ""
    index.write([an_article()])
    first = index.generation()
    index.write([an_article("dog")])
    assert index.generation() == first != ""
    generation = index.new_generation()
    assert index.generation() == first
    generation.go_live()
    assert index.generation() not in ("", first)
