"""Only what citizens say of themselves is theirs."""

import pytest

from intake.person import forms_of_address, identity, name, phone

INTRODUCED = [
    ("我姓王，电话13800138000", "王", "13800138000"),
    ("我叫李建国，家在大兴", "李建国", ""),
    ("我是张女士，手机139-0013-9000", "张女士", "13900139000"),
    ("本人陈晓东，联系电话 138 0013 8000", "陈晓东", "13800138000"),
    ("联系人：刘芳，010-68012345", "刘芳", "01068012345"),
    ("赵敏 13700137000", "赵敏", "13700137000"),
    ("13700137000（孙先生）", "孙先生", "13700137000"),
    ("姓名：欧阳修文 电话：１３８００１３８０００", "欧阳修文", "13800138000"),
    ("免贵姓周，叫我周阿姨就行", "周阿姨", ""),
    ("我姓何叫何小梅", "何小梅", ""),
    ("我是李强 家住3号楼", "李强", ""),
    ("打商家电话13800138000没人接，我的电话是13900139000", "", "13900139000"),
    ("电话68012345 找我", "", "68012345"),
    ("+86 13800138000", "", "13800138000"),
]
OTHERS = [
    "我是小区业主，物业电话13800138000不接",
    "我是朝阳区居民",
    "王先生在门口打人",
    "张建国是我们小区物业经理",
    "我是学生",
    "拨打12345没人接",
    "订单号2026031712345678",
    "工单202603170001",
    "我叫你们来修你们不来",
    "我是于昨天报修的",
    "我叫安全员来他不来",
    "我是常年住在这里的",
]


@pytest.mark.parametrize(("text", "who", "number"), INTRODUCED)
def test_a_citizen_introduces_themselves(text: str, who: str, number: str) -> None:
    read_name, read_phone = name(text), phone(text)
    assert (read_name.value if read_name else "") == who
    assert (read_phone.value if read_phone else "") == number
    if read_name:
        assert text[read_name.start : read_name.end] == read_name.value


@pytest.mark.parametrize("text", OTHERS)
def test_other_peoples_names_and_numbers_are_not_the_citizens(text: str) -> None:
    assert name(text) is None
    assert phone(text) is None


def test_an_identity_number_that_adds_up_is_surer_than_one_that_does_not() -> None:
    right, wrong = identity("11010519491231002X"), identity("110105194912310021")
    assert [found.value for found in right] == ["11010519491231002X"]
    assert right[0].confidence > wrong[0].confidence
    assert identity("订单20260317123456") == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("王先生您好，路灯已经修好", ["王先生"]),
        ("欧阳老师，李建国师傅会联系您", ["欧阳老师", "李建国师傅"]),
        ("您好，路灯已经修好", []),
        ("请老师傅到社区登记", []),
        ("可以向老师反映，向和老师傅联系", []),
    ],
)
def test_whoever_is_called_by_name_and_title_is_found(text: str, named: list[str]) -> None:
    assert [text[start:end] for start, end in forms_of_address(text)] == named
