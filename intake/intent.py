"""What a citizen wants with a message, by rules: for the router when the bot is down.

The names are those of the bot's domain. Anything unclear is ``inform`` when it only states
something, ``ask`` when it looks for an answer: neither opens nor drops anything.
"""

from __future__ import annotations

import re

from intake.kind import COMPLAINT, HELP, PRAISE, REPORT, SUGGESTION, kind
from intake.person import name, phone

INTENTS = (
    "ask",
    "complain",
    "request_agent",
    "cancel_agent",
    "case_status",
    "greet",
    "thank",
    "goodbye",
    "affirm",
    "deny",
    "give_up",
    "small_talk",
    "inform",
)

_EDGES = " \t\r\n　，,。.！!？?~～…、；;：:"
_TAIL = r"(?:了|的|啊|呀|哦|噢|吧|呢|啦|哈|嘛|嗯|您|你|哟|咯|哇){0,3}"


def _whole(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{words}){_TAIL}", re.IGNORECASE)


# Short answers are these words and nothing else.
_SHORT: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "greet",
        _whole(
            r"(?:你|您|大家)?好|你们好|在吗|在不在|有人吗|hi|hello|hey|哈喽|哈啰|嗨|早上好"
            r"|上午好|下午好|晚上好|早安|客服(?:你|您)好|(?:你|您)好(?:在吗|请问)?"
        ),
    ),
    (
        "thank",
        _whole(
            r"(?:好的?|行|嗯|知道了|明白了|收到)?[，,]?(?:非常|十分|多|太)?(?:感谢|谢谢|多谢"
            r"|谢了|辛苦|谢谢您|谢谢你们?)+(?:帮助|解答|回复)?|3q|thx|thanks?|麻烦你们?"
        ),
    ),
    (
        "goodbye",
        _whole(
            r"再见|拜拜|bye|88|回见|先这样|没事了|没有别的了|没别的事|不用了?谢谢|下次再聊|我走"
        ),
    ),
    (
        "affirm",
        _whole(
            r"是|对|好|行|可以|嗯+|恩|没错|对的|是的|好的|确认|同意|正确|没问题|ok|okay|yes|1"
            r"|就这样|对对+|确定|提交|没有?要?改|要|需要|可|准确|属实|当然"
        ),
    ),
    (
        "deny",
        _whole(
            r"不|不是|不对|不行|不用|不要|不需要|没有|否|错|错误|no|2|不可以|不同意|不正确"
            r"|不太对|改一下|要改|有误|都不是|没|不想|别|不必"
        ),
    ),
)
_REQUEST_AGENT = re.compile(
    r"人工|真人|(?:转|接|找|叫|换)(?:个|一下|一位)?(?:客服|坐席|话务员|接线员|工作人员|活人"
    r"|人来|人跟我)|(?:要|想)(?:和|跟)?人(?:说|聊|讲|工|来)|机器人(?:听不懂|不行|没用|走开)"
    r"|别(?:跟我)?用?机器人"
)
_CANCEL_AGENT = re.compile(
    r"(?:取消|不用|不要|不转|不等|别转|不需要|算了不|先不)[^，。]{0,4}(?:人工|排队|转接|客服"
    r"|等)|(?:不排|不等)(?:队)?了|退出排队|取消(?:排队|等待)"
)
_CASE_STATUS = re.compile(
    r"(?:工单|诉求|投诉|案件|单子|件|反映的?(?:问题|事)?|举报)[^，。？?]{0,10}(?:进度|进展"
    r"|到哪|怎么样|处理了(?:吗|没)|办(?:得|的)?(?:怎么|咋)|结果|状态|多久|有没有?(?:处理|回)"
    r"|办了没)"
    r"|(?:查|看|问)(?:一下|下|询)?(?:我的?)?(?:工单|进度|进展|处理结果|办理(?:进度|情况))"
    r"|(?<!\d)20\d{10}(?!\d)|催(?:一下|办|单|促)|(?:上次|之前|昨天|前几天)[^，。]{0,8}(?:投诉"
    r"|反映|举报|报)[^，。]{0,12}(?:怎么|没|结果|吗|回)"
)
_GIVE_UP = re.compile(
    r"(?:不|别|懒得)(?:想)?(?:投诉|举报|反映|弄|填|说|写|办|报|搞|提交)了|算了(?!一下|算"
    r"|[一二三四五六七八九十\d]|下)|(?<!能)(?<!怎么)取消(?:投诉|举报|反映|填写|登记|本次|这次"
    r"|吧|$)|放弃|不用管了|重新来|退出(?:填写|登记|$)|撤销(?:投诉|举报)"
)
_SMALL_TALK = re.compile(
    r"你(?:是谁|是什么|叫什么|几岁|多大|会什么|能做什么|是人|是机器|是不是机器|有对象|吃了"
    r"|聪明|笨|傻|真)|讲个?(?:笑话|故事)|(?:你|给我|会)[^，。]{0,2}唱(?:首)?歌|天气(?:怎么样"
    r"|如何|好)|今天(?:星期|周)几|现在几点|无聊|哈哈|呵呵|嘿嘿|陪我聊"
)
_QUESTION = re.compile(
    r"[吗呢？?]|怎么|咋|如何|什么|啥|多少|哪|几点|几[天号个]|谁|能不能|可不可以"
    r"|可以.{0,6}[不么]|是否|能否|有没有|需要.{0,8}材料|流程|条件|标准|办理|申请|请问|咨询"
    r"|多久|为何|电话$|地址$"
)
_LONG = 12
_READ = 1_000


def intent(text: str) -> str:
    """One of `INTENTS`, always."""
    said = text[:_READ].strip(_EDGES)
    if not said:
        return "small_talk"
    for name_of_intent, pattern in _SHORT:
        if pattern.fullmatch(said):
            return name_of_intent
    if len(said) <= 30:
        if _CANCEL_AGENT.search(said):
            return "cancel_agent"
        if _GIVE_UP.search(said):
            return "give_up"
    if _REQUEST_AGENT.search(said) and not re.search(
        r"人工(?:智能|湖|费|降雨|流产|授精|受孕)", said
    ):
        return "request_agent"
    if len(said) <= 60 and _CASE_STATUS.search(said):
        return "case_status"
    if len(said) <= 20 and _SMALL_TALK.search(said):
        return "small_talk"
    return _ask_complain_or_inform(said)


def _ask_complain_or_inform(said: str) -> str:
    found = kind(said)
    if found and found.value in (COMPLAINT, REPORT, HELP):
        asks_the_way = re.search(
            r"(?:怎么|如何|哪里|在哪|去哪|打什么)[^，。]{0,4}(?:投诉|举报|反映)|(?:投诉"
            r"|举报)[^，。]{0,6}(?:怎么|哪里|流程|电话)",
            said,
        )
        return "ask" if asks_the_way and len(said) <= 30 else "complain"
    if found and found.value in (SUGGESTION, PRAISE):
        return "complain"  # taken down like a complaint: it becomes a case
    if _QUESTION.search(said):
        return "ask"
    if phone(said) or name(said) or len(said) > _LONG:
        return "inform"
    if re.search(r"谢谢|感谢", said):
        return "thank"
    # A few bare words are what people type into a search box.
    return "ask" if 2 <= len(said) <= 8 and re.fullmatch(r"[一-龥A-Za-z]+", said) else "inform"
