"""A text is put where the people of the hotline would put it, or nowhere."""

import pytest

from intake.category import categories, category

FILED = [
    ("环境保护/噪声污染", "楼下烧烤店半夜还在唱歌喝酒吵得睡不着"),
    ("城市管理/井盖路灯", "小区路灯坏了半个月没人修"),
    ("劳动保障/欠薪", "公司拖欠我三个月工资"),
    ("市场监管/预付卡", "在健身房办的卡，人跑路了不退钱"),
    ("公共安全/消防安全", "消防通道被私家车堵死"),
    ("市政公用/供热", "暖气一点都不热"),
    ("交通出行/共享单车", "共享单车堵住人行道"),
    ("城市管理/养犬管理", "邻居家的狗整天叫"),
    ("户籍身份/居住证", "居住证怎么办"),
    ("住房保障/物业管理", "物业不管事还涨物业费"),
]


@pytest.mark.parametrize(("expected", "text"), FILED)
def test_a_text_is_filed(expected: str, text: str) -> None:
    found = category(text)
    assert found is not None
    assert found.value == expected
    assert found.words(text)


@pytest.mark.parametrize("text", ["", "你好", "我姓王", "好的谢谢"])
def test_a_text_about_nothing_is_not_filed(text: str) -> None:
    assert category(text) is None


def test_every_category_has_two_levels_and_can_be_reached() -> None:
    names = categories()
    assert all(name.count("/") == 1 for name in names)
    assert len(set(names)) == len(names) > 100
