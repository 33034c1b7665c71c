"""What the input method got wrong and still finds its entry."""

from __future__ import annotations

import pytest

from kb_index.article import EVERY_HOTLINE, Article
from kb_index.decision import Outcome
from kb_index.finding import Finder
from kb_index.index import Index
from kb_index.matching import Matcher
from kb_index.sounds import sound_of, sounds_of
from tests.kb_index.town import NOW, an_article


@pytest.fixture
def matcher(index: Index, town: list[Article]) -> Matcher:
    index.write([*town, an_article("card", question="社保卡丢了怎么补")])
    return Matcher(index)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("社包卡丢了", "社保卡丢了"),
        ("居住正怎么办", "居住证怎么办"),
        ("身份政不见了", "身份证不见了"),
        ("养老保先怎么交", "养老保险怎么交"),
        ("住房工积金能不能取", "住房公积金能不能取"),
        ("我想问營業執召怎么弄", "我想问营业执照怎么弄"),
        ("结婚灯记，社包卡", "结婚登记，社保卡"),
    ],
)
def test_two_characters_that_sound_like_a_known_word_are_read_as_it(
    matcher: Matcher, typed: str, read: str
) -> None:
    found = matcher.by_words(typed, EVERY_HOTLINE, NOW)
    meant = matcher.by_words(read, EVERY_HOTLINE, NOW)
    assert found is not None
    assert meant is not None
    assert found.asked == meant.asked
    assert found.meant == meant.meant


@pytest.mark.parametrize(
    "typed", ["签证怎么办", "公证处在哪", "注射疫苗", "社保卡丢了", "ab12", "这家饭店好吗"]
)
def test_a_word_of_the_language_is_read_as_it_is_written(matcher: Matcher, typed: str) -> None:
    matcher.index.write([an_article("other", question="千征、供正、驻设、店号码、abcd 是什么")])
    found = matcher.by_words(typed, EVERY_HOTLINE, NOW)
    assert found is not None
    assert found.meant == typed


def test_a_slip_is_answered_as_the_word_that_was_meant(index: Index, town: list[Article]) -> None:
    index.write([*town, an_article("card", question="社保卡丢了怎么补")])
    found = Finder(index, None).find("社包卡丢了怎么补", hotline=EVERY_HOTLINE, now=NOW)
    assert found.outcome is Outcome.ANSWERED
    assert found.hits[0].external_id == "card"


def test_an_entry_of_another_hotline_changes_nothing(index: Index, town: list[Article]) -> None:
    index.write([*town, an_article("card", question="社保卡丢了怎么补", hotlines=("96181",))])
    found = Matcher(index).by_words("社包丢了", "12341", NOW)
    assert found is not None
    assert found.meant == "社包丢了"


def test_characters_that_many_do_not_tell_apart_sound_alike() -> None:
    assert sound_of("社保") == sound_of("射宝")
    assert sound_of("证明") == sound_of("真民")
    assert sound_of("身份") == sound_of("森分")
    assert sound_of("社保") != sound_of("保社")


def test_only_two_chinese_characters_have_a_sound() -> None:
    assert sounds_of(("社", "社保", "ab", "12", "a卡", "=社会保障卡")) == [sound_of("社保")]
