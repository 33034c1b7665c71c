import pytest

from actions.wording import asks, is_bare, is_phone, is_shrug, tells_a_time


@pytest.mark.parametrize(
    "text",
    [
        "我要投诉",
        "投诉",
        "我想反映一个问题",
        "你好，我要举报",
        "我要反映情况",
        "我有个建议",
        "提个意见",
        "我要表扬一个人",
        "我想投诉一下。",
        "反映问题！",
        "",
    ],
)
def test_a_bare_wish_tells_nothing_yet(text: str) -> None:
    assert is_bare(text)


@pytest.mark.parametrize(
    "text", ["我要投诉物业不作为", "投诉烧烤店", "举报赌博", "建议增加公交", "反映路灯不亮的问题"]
)
def test_a_wish_with_a_matter_tells_something(text: str) -> None:
    assert not is_bare(text)


@pytest.mark.parametrize(
    "text",
    ["噪音扰民归谁管", "暖气不热怎么报修", "能办不", "有补贴吗", "周末上班？", "想了解公租房"],
)
def test_a_question_is_known_by_its_words(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize(
    "text", ["怎么还不来修", "楼下太吵了", "电话打了八遍都没人接", "六铺炕南小街"]
)
def test_a_cry_is_no_question(text: str) -> None:
    assert not asks(text)


@pytest.mark.parametrize("text", ["不清楚", "我不知道", "时间记不清了", "不方便说", "忘了", "没有"])
def test_a_shrug_is_a_shrug(text: str) -> None:
    assert is_shrug(text)


@pytest.mark.parametrize("text", ["不知道谁把垃圾倒在门口", "没有路灯", "不清楚归谁管的厂子"])
def test_a_story_is_no_shrug(text: str) -> None:
    assert not is_shrug(text)


def test_a_starred_number_alone_is_a_phone() -> None:
    assert is_phone("***********")
    assert is_phone("我的电话是***********")
    assert not is_phone("和平路25号")
    assert not is_phone("老板***********欠我三个月工资")


def test_a_time_has_something_of_time() -> None:
    assert tells_a_time("从去年冬天开始")
    assert not tells_a_time("真烦人")
