from __future__ import annotations

import pytest

from kb_index.article import Article
from kb_index.twins import are_twins, as_said, family_of, likeness

LOCAL = Article(external_id="local", question="本市户籍老人怎么申领优待证", answer="到社区。")
FROM_ELSEWHERE = Article(
    external_id="else", question="外地户籍老人怎么申领优待证", answer="到街道。"
)
LOST = Article(external_id="lost", question="本市户籍老人优待证丢了怎么补办", answer="到社区。")
DOG = Article(external_id="dog", question="养犬登记去哪里办", answer="到派出所。")
ALL = (LOCAL, FROM_ELSEWHERE, DOG)


def test_twins_differ_in_one_thing_only() -> None:
    assert are_twins(LOCAL, FROM_ELSEWHERE)
    assert not are_twins(LOCAL, LOST), "one says how often, the other does not"
    assert not are_twins(LOCAL, DOG)
    assert not are_twins(LOCAL, LOCAL)


def test_another_matter_is_no_twin_though_the_values_differ() -> None:
    one = Article(external_id="1", question="个人电话银行怎么签约", answer="a")
    other = Article(external_id="2", question="企业电话银行怎么解约", answer="b")
    assert not are_twins(one, other)


def test_official_questions_that_nearly_agree_are_twins_when_people_ask_them_alike() -> None:
    one = Article(
        external_id="1",
        question="个人住房补贴的申领",
        similar_questions=("个人怎么领住房补贴",),
        answer="a",
    )
    other = Article(
        external_id="2",
        question="单位住房补贴申请发放",
        similar_questions=("单位怎么领住房补贴",),
        answer="b",
    )
    assert likeness("住房补贴的申领", "住房补贴申请发放") < 0.85
    assert are_twins(one, other)


def test_what_nobody_said_tells_them_apart() -> None:
    family = family_of("老人优待证怎么办", ALL, [0.4, 0.35, 0.01], 0.08)
    assert family is not None
    assert (family.facet, family.positions) == ("household", (0, 1))
    assert family.labels == ("本市户籍", "外地户籍")
    assert family.question == "您是本市户籍还是外地户籍？"


def test_nothing_is_asked_that_was_said() -> None:
    assert family_of("外地老人优待证怎么办", ALL, [0.4, 0.35, 0.01], 0.08) is None
    assert family_of("本市户口和外地户口的老人优待证一样吗", ALL, [0.4, 0.35, 0.01], 0.08) is None


def test_two_things_that_are_unknown_are_not_asked_at_once() -> None:
    first = Article(external_id="1", question="本市户籍首次申领优待证", answer="a")
    renewed = Article(external_id="2", question="本市户籍优待证到期换领", answer="b")
    elsewhere = Article(external_id="3", question="外地户籍首次申领优待证", answer="c")
    articles = (first, renewed, elsewhere)
    assert family_of("优待证怎么领", articles, [0.4, 0.3, 0.2], 0.08) is None
    family = family_of("优待证怎么领", articles, [0.4, 0.3, 0.001], 0.08)
    assert family is not None
    assert family.facet == "times"


def test_what_was_said_gives_a_twin_the_chance_of_the_other() -> None:
    chances = as_said("我外地户口，老人优待证怎么办", ALL, [0.5, 0.3, 0.1])
    assert chances == [0.0, 0.8, 0.1]


def test_what_tells_no_twins_apart_changes_nothing() -> None:
    for query in ("老人优待证怎么办", "网上怎么办优待证", "本市户籍和外地户籍的老人优待证"):
        assert as_said(query, ALL, [0.5, 0.3, 0.1]) == [0.5, 0.3, 0.1]


def test_the_same_matter_in_several_districts_is_asked_for() -> None:
    names = ("槐安区", "望江区", "清河县", "东湖区")
    articles = [
        Article(external_id=name, question=f"{name}老年餐桌在哪里", answer=name, department="")
        for name in names
    ]
    family = family_of("老年餐桌在哪里", articles, [0.3, 0.25, 0.2, 0.02], 0.08)
    assert family is not None
    assert (family.facet, family.labels) == ("district", names)
    assert family.question == "您问的是哪个区县？"
    assert family_of("望江的老年餐桌在哪里", articles, [0.3, 0.25, 0.2, 0.02], 0.08) is None
    assert as_said("望江老年餐桌", articles, [0.3, 0.3, 0.2, 0.02])[1] == pytest.approx(0.82)
