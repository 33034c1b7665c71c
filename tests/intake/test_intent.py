"""With the bot down, the router still tells what a citizen wants."""

import pytest

from intake.intent import INTENTS, intent

WANTED = """
greet 你好
greet 在吗
greet 您好！
thank 谢谢你
thank 好的谢谢
goodbye 再见
affirm 是的
affirm 对
affirm 确认。
deny 不是
deny 没有了
request_agent 转人工
request_agent 我要找人工客服
request_agent 给我转接线员
cancel_agent 不用人工了
cancel_agent 不等了
case_status 我的投诉处理得怎么样了
case_status 202603170001
case_status 查一下工单进度
give_up 算了不投诉了
give_up 取消投诉
small_talk 你是机器人吗
small_talk 你会唱歌吗
ask 居住证怎么办理
ask 老年卡
ask 社保卡丢了怎么补办
ask 怎么投诉物业
ask 消防通道被占怎么举报
ask 人工智能产业补贴怎么申请
ask 医保报销比例是多少
complain 我要投诉楼下烧烤店
complain 楼下烧烤店半夜还在唱歌
complain 小区路灯坏了
complain 建议在路口加个红绿灯
complain 举报有人偷排污水
complain 垃圾没人清，都臭了
inform 朝阳区建国路88号院3号楼2单元
inform 昨晚11点
inform 13800138000
inform 我姓王
"""


@pytest.mark.parametrize("line", WANTED.split("\n")[1:-1])
def test_an_intent_is_told(line: str) -> None:
    expected, text = line.split(" ", 1)
    assert intent(text) == expected


@pytest.mark.parametrize("text", ["", "   ", "？？？", "😀", "/restart", "a" * 3_000])
def test_anything_has_an_intent(text: str) -> None:
    assert intent(text) in INTENTS
