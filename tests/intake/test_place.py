"""A place is read whole, in the citizen's words, and never made up."""

import pytest

from intake.place import place

SAID = [
    (
        "朝阳区建国路88号院3号楼2单元楼下烧烤店天天半夜放音响",
        "朝阳区建国路88号院3号楼2单元楼下",
    ),
    ("我家住在回龙观东大街龙跃苑二区，昨晚11点还在施工", "回龙观东大街龙跃苑二区"),
    ("中关村大街和北四环路交叉口红绿灯坏了三天了没人修", "中关村大街和北四环路交叉口"),
    ("我们小区垃圾好几天没人清了，幸福家园12号楼", "幸福家园12号楼"),
    ("育新小学门口路灯不亮", "育新小学门口"),
    ("德胜门外大街甲5号院水管爆了没人管", "德胜门外大街甲5号院"),
    ("张家湾镇土桥村村口有人倒建筑垃圾", "张家湾镇土桥村村口"),
    ("我叫李建国，家在大兴区旧宫镇清逸园，楼上装修天天吵", "大兴区旧宫镇清逸园"),
    ("暖气不热，回龙观龙腾苑四区8号楼2单元501", "回龙观龙腾苑四区8号楼2单元501"),
    ("路口红绿灯不亮了，就是通州区新华大街和车站路交叉口", "通州区新华大街和车站路交叉口"),
    ("投诉天通苑北一区15号楼电梯总坏", "天通苑北一区15号楼"),
    ("西城区马连道路家乐福门口有人占道卖水果", "西城区马连道路家乐福门口"),
]
NOT_SAID = [
    "海淀区居住证怎么办理",
    "老旧小区加装电梯怎么申请",
    "什么破物业，收钱不干活",
    "我要投诉区政府不作为",
    "社保卡丢了怎么补办",
    "我姓王，电话13800138000",
    "你好",
    "",
    "我们小区门口路灯不亮",
]


@pytest.mark.parametrize(("text", "expected"), SAID)
def test_a_place_is_read_in_the_citizens_words(text: str, expected: str) -> None:
    found = place(text)
    assert found is not None
    assert found.value == expected
    assert text[found.start : found.end] == expected
    assert 0 < found.confidence <= 1


@pytest.mark.parametrize("text", NOT_SAID)
def test_no_place_is_made_up(text: str) -> None:
    assert place(text) is None


def test_a_house_number_makes_a_place_surer_than_a_bare_name() -> None:
    exact, bare = place("石景山区鲁谷路74号院5号楼停电了"), place("龙潭公园厕所锁着门")
    assert exact is not None
    assert bare is not None
    assert exact.confidence > bare.confidence
