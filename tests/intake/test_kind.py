"""The kind is what a text calls itself, then what it tells, else nothing."""

import pytest

from intake.kind import kind

TOLD = [
    ("complaint", "我要投诉，楼下饭馆油烟往屋里灌"),
    ("complaint", "物业不作为！电梯坏了一个星期没人管"),
    ("complaint", "昨晚11点工地还在施工，吵得睡不着"),
    ("complaint", "在超市买的酸奶过期了，不给退"),
    ("complaint", "共享单车把人行道全堵了"),
    ("complaint", "说好年底完工，到现在围挡还在，请问你们到底管不管，孩子天天绕路上学"),
    ("report", "我要举报有人半夜倾倒建筑垃圾"),
    ("report", "这家店无证经营卖假药"),
    ("suggestion", "建议在学院路路口加装左转信号灯"),
    ("suggestion", "希望能在地铁站增加公交接驳"),
    ("praise", "表扬一下社区医院的刘护士，态度特别好"),
    ("consultation", "请问外地人办居住证需要什么材料"),
    ("consultation", "公租房怎么申请啊"),
    ("consultation", "医保卡丢了去哪补"),
    ("help", "我们楼停水两天了，麻烦派人看看"),
    ("help", "求助，家里没钱看病，求政府帮帮忙"),
    ("help", "小区路灯坏了三盏"),
]
UNTOLD = ["你好", "13800138000", "朝阳区建国路88号院3号楼", "好的", "我姓王", ""]


@pytest.mark.parametrize(("expected", "text"), TOLD)
def test_a_kind_is_told_with_its_words(expected: str, text: str) -> None:
    found = kind(text)
    assert found is not None
    assert found.value == expected
    assert found.has_evidence
    assert found.words(text)


@pytest.mark.parametrize("text", UNTOLD)
def test_a_text_that_tells_nothing_has_no_kind(text: str) -> None:
    assert kind(text) is None


def test_what_a_text_calls_itself_beats_what_it_tells() -> None:
    found = kind("我要投诉：这里有人非法养殖")
    assert found is not None
    assert found.value == "complaint"
