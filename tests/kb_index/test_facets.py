"""The words of `facets.toml`, as entries and citizens use them."""

from __future__ import annotations

import pytest

from kb_index.decision import Outcome, Reason
from kb_index.districts import districts_in
from kb_index.facets import (
    DISTRICT,
    facet_names,
    facet_of,
    is_value,
    label_said,
    read,
)

HOUSEHOLD = ("本市户籍", "外地户籍")


def test_each_facet_has_its_reason_and_each_reason_its_facet() -> None:
    reasons = {reason for reason in Reason if reason.startswith(f"{Outcome.ASK_BACK}:")}
    assert reasons == {f"{Outcome.ASK_BACK}:{name}" for name in facet_names()}


def test_no_word_means_two_things_and_no_two_values_look_alike() -> None:
    values = [value for name in facet_names() for value in facet_of(name).values]
    words = [word for value in values for word in value.words]
    labels = [value.label for value in values]
    assert sorted(words) == sorted(set(words))
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize("name", [name for name in facet_names() if name != DISTRICT])
def test_a_label_is_understood_when_it_is_typed(name: str) -> None:
    labels = [value.label for value in facet_of(name).values]
    assert [label_said(label, labels) for label in labels] == labels


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("非本市户籍儿童入学怎么报名", "外地户籍"),
        ("本市户籍儿童入学怎么报名", "本市户籍"),
        ("我不是本地户口，想办老年卡", "外地户籍"),
        ("本人是外地來的，戶口在外地", "外地户籍"),
    ],
)
def test_the_longest_word_counts(text: str, label: str) -> None:
    assert read(text).values["household"] == label


def test_who_names_both_has_said_neither() -> None:
    reading = read("本市户籍和外地户籍有什么区别")
    assert "household" not in reading.values
    assert "household" in reading.unclear


def test_what_is_left_is_the_same_for_twins() -> None:
    first, second = read("首次申领居住证要带什么"), read("到期续签居住证要带什么")
    assert first.rest == second.rest == "居住证要带什么"


@pytest.mark.parametrize(
    "reply",
    ["外地的", "我是外地户口", "外地户籍。", "户口不在本市呀", "我们是外地人", "应该算外地的吧"],
)
def test_a_value_is_understood_as_people_say_it(reply: str) -> None:
    assert label_said(reply, HOUSEHOLD) == "外地户籍"


@pytest.mark.parametrize(
    "question",
    [
        "外地车限行吗，几点到几点",
        "外地户口买房要交几年社保",
        "身份证丢了怎么办",
        "都行",
        "本市外地都有",
        "",
    ],
)
def test_a_question_of_its_own_is_no_value(question: str) -> None:
    assert label_said(question, HOUSEHOLD) is None


def test_a_value_inside_a_further_question_can_be_looked_for() -> None:
    said = "外地户口的话要准备哪些材料"
    assert label_said(said, HOUSEHOLD) is None
    assert label_said(said, HOUSEHOLD, is_all=False) == "外地户籍"


def test_what_is_asked_back_names_the_values() -> None:
    assert facet_of("household").question(HOUSEHOLD) == "您是本市户籍还是外地户籍？"
    times = ("首次办理", "到期续办", "遗失补办")
    assert facet_of("times").question(times) == "您是首次办理、到期续办还是遗失补办？"


def test_districts_are_the_names_that_stand_there_in_any_city() -> None:
    questions = [
        "槐安区老年卡怎么办",
        "在清河县怎么办老年卡",
        "小区停车怎么收费",
        "社区医院几点开门",
        "如何区分",
    ]
    questions += ["回民区老年卡怎么办", "住在市中区怎么办老年卡"]
    departments = ["望江区民政局", "市民政局", "开发区管委会"]
    assert districts_in(questions, departments) == {
        "槐安区",
        "清河县",
        "望江区",
        "回民区",
        "市中区",
    }


@pytest.mark.parametrize("said", ["槐安区", "槐安的", "我在槐安区", "槐安区的"])
def test_a_district_is_said_with_its_ending_or_without(said: str) -> None:
    assert label_said(said, ("槐安区", "清河县")) == "槐安区"


def test_a_question_on_a_menu_is_no_value() -> None:
    assert is_value("外地户籍")
    assert is_value("清河县")
    assert not is_value("居住证怎么办理")
    assert not is_value("小区")
