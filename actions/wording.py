"""How a message is worded, as far as the dialogue needs it: a bare wish, a question, a shrug.

No intent is decided here; these tell apart what one intent can mean at one stage.
"""

from __future__ import annotations

import re
import unicodedata

_POLITE = r"(?:(?:你|您)们?好[呀啊]?|喂|嗨|请问|麻烦|在吗|同志|师傅|那个|嗯)*"
_ACT = r"(?:投诉|举报|反映|反应|建议|表扬|感谢|求助|登记|上报|检举|提意见|报案|报修)"
_BARE = re.compile(
    rf"{_POLITE}(?:我们?|俺)?(?:今天|现在)?(?:要|想|想要|需要|能|可以|来|是来)?(?:实名|匿名)?(?:再|在)?(?:跟你们|向你们|给你们)?"
    rf"(?:{_ACT}|(?:有|提)(?:一?[个点些条件]|几[个点条件])?(?:事情?|问题|情况|建议|意见|投诉|诉求))+"
    r"(?:一下|下|一?[个件点些])*(?:问题|情况|事情?|建议|意见|人|诉求|单位)?(?:[吗吧呢啊呀了]|可以吗)*"
)
_ASKS = re.compile(
    r"[?]|[吗呢么][。!~]*$|怎么(?!还|又|没人|不管|这么|那么)|如何|咋[办弄整么样]|多少|多久|(?<![好这那前近没过十上连有])几[天号点个次年岁]"
    r"|什么时候|啥时候|什么(?:材料|条件|手续|流程|标准|规定|电话|部门)|哪[里儿些个]|找谁|归谁|谁管|哪个部门"
    r"|能不能|可不可以|是否|能否|有没有|要不要|需不需要|(?:行|能.{0,4}|可以.{0,4}|用|要|有)不[。]*$|请问|咨询|想(?:问|了解|知道)"
)
_WISH = re.compile(r"^(?:我?想(?!投诉|反映|举报|建议)|听说|了解一?下)")
_SHRUG = re.compile(
    r"(?:我|这个|时间|地点|具体|也|都|就|真|的)*(?:idk|dunno|不清楚|不知道|不晓得|不造|不记得|记不清|记不得|忘了?|没注意|说不[上清好]来?|不好说|不确定|不方便说?|不想说|跳过|略过?|没有|无|随便|都行|保密)"
    r"(?:了|具体|时间|地点|地址|是哪天|几点|哪里|在哪|的|啊|呀|吧)*"
)
_TIME = re.compile(
    r"[天日月年周点晚早夜晨今昨前去]|上午|下午|中午|星期|礼拜|刚|最近|一直|每|经常|总是|长期|半|小时|分钟|以来|开始|\d|节|季"
)
_PROBLEM = re.compile(
    r"不(?:热|亮|通|退|给|管|作为|合理|达标|处理|解决)|坏|漏|堵|臭|停[水电气暖]|没(?:水|电|气|暖|人管)|吵|扰民|噪音|油烟|污染|垃圾"
    r"|乱(?:停|收|扔|倒|放|占|摆|涨)|占[道用]|违建|违停|拖欠|欠薪|被骗|骗|假货|过期|跑路|积水|破损|塌|裂|危险"
)
_KINDS_BY_WORD = (
    ("suggestion", re.compile(r"建议|意见")),
    ("praise", re.compile(r"表扬|感谢")),
    ("report", re.compile(r"举报|检举")),
    ("help", re.compile(r"求助")),
    ("complaint", re.compile(r"投诉")),
)
_DEMAND = re.compile(r"投诉|举报|反映|反应|检举|求助|希望|请.{0,8}(?:处理|解决|查处|管)|表扬|建议")
_NO_PHONE = re.compile(
    r"(?:那就?|我就?|算了|还是|就)*(?:不|别|不想|不用|不要|不愿意?|不方便|没有?|没必要|先不|可以不)(?:想|要|用|便|愿)?(?:再)?"
    r"(?:留|给|写|填|提供|说|登记|记|公开|透露)?(?:了)?(?:我的?)?(?P<what>(?:联系)?电话(?:号码)?|手机号?码?|号码|联系方式)(?:可以[吗么]|行[吗么]|了|吧|啊|呢)*"
    r"|(?:(?:联系)?电话(?:号码)?|手机号?码?|号码|联系方式)(?:就|我|还是)*(?:不|别|不想|不用|不方便)(?:想|要|用|便)?(?:留|给|写|填|提供|说|登记)(?:了|吧|啊|可以[吗么])*"
)
_NO_NAME = re.compile(
    r"(?:我?要|请|我?想|希望|麻烦|能)*(?:给我|帮我)?匿名(?:处理|投诉|举报|反映|登记|提交|吧|的|可以[吗么])*"
    r"|(?:我|请)?(?:不|别|不想|不要|不愿意?)(?:要|想)?(?:留|写|填|透露|公开)(?:我的?)?(?:姓名|名字?|身份|个人信息)(?:了|吧)*"
)
_RUDE = re.compile(
    r"傻[逼比叉瓜子]|[煞沙]笔|脑残|智障|神经病|有病|滚|他妈|妈的|你妈|尼玛|卧槽|我[操草靠擦]|狗屁|放屁|垃圾(?:机器人|系统|平台|热线|客服)|废物|白痴|混蛋|王八"
    r"|去死|什么玩意|没用的?|[烦气]死|吃屎|蠢|呵呵|[sS][bB]|tmd|cnm|nmsl"
)
_NOT_A_PLACE = re.compile(
    r"^(?:我|你|他|她|它|俺|咱|您)?(?:们)?(?:不|别|没|刚才?|已经|说过|都说|就是?想|只是|想要?|要|觉得|希望|随便|算了|等|先|怎么|干嘛|为什么|凭什么)"
    r"|说(?:过|了)|告诉|刚才说|上面|前面说|看不到吗|废话|机器人|问这|关你|管你|跟你|跟这|有关系|你们(?!小区|单位|社区|村|楼|门口)|谢谢|再见|好吧|可以的|不是"
)
_PLACE_LIKE = re.compile(
    r"[路街道巷弄村庄屯镇乡区县市省号楼栋幢单室门口旁边近对桥河湖江园苑院校学店场站城厦里东西南北头面处家坊府庭湾郡墅山岛港厂馆所库房坡沟塘井树]|\d"
)
_WORDS_OF_A_NAME = re.compile(r"[一-龥A-Za-z0-9]{2,7}")
_DOING = re.compile(r"[是有了吗呢吧啊的不没很太就都还要想说给让把被]")
_EDGES = " \t\r\n。，,.！!？?~～、；;：:…"


def plain(text: str) -> str:
    """Half-width, lower case, without the signs around."""
    return unicodedata.normalize("NFKC", text).lower().strip(_EDGES)


def is_bare(text: str) -> bool:
    """Only says that there is something: 我要投诉, 反映个问题."""
    said = re.sub(r"[\s，,。.！!、]", "", plain(text))
    return not said or _BARE.fullmatch(said) is not None


def bare_kind(text: str) -> str:
    """The kind that a bare wish names; empty for 反映问题, which can be any."""
    return next((kind for kind, words in _KINDS_BY_WORD if words.search(text)), "")


def demands(text: str) -> bool:
    """Says outright that it wants something taken down or done."""
    return _DEMAND.search(text) is not None


def tells_a_problem(text: str) -> bool:
    """Speaks of something that is wrong, if only to ask about it."""
    return _PROBLEM.search(text) is not None


def asks(text: str) -> bool:
    """Looks for an answer by its own words."""
    return _ASKS.search(unicodedata.normalize("NFKC", text).strip()) is not None


def wishes(text: str) -> bool:
    """A question in the coat of a wish: 想把户口迁过来, 听说…"""
    return _WISH.search(plain(text)) is not None


def is_shrug(text: str) -> bool:
    """Does not know, or does not want to say."""
    return _SHRUG.fullmatch(re.sub(r"[\s，,。.]", "", plain(text))) is not None


def tells_a_time(text: str) -> bool:
    return _TIME.search(text) is not None


def may_be_a_place(text: str) -> bool:
    """Words that no reader knew, and that can still say where: 老槐树那个胡同口, 国贸.

    Wrong costs more than missed: the case goes to whoever is responsible there.
    """
    said = plain(text)
    if not re.search(r"[一-龥]", said) or len(said) > 40 or is_rude(said):
        return False
    if asks(text) or wishes(text) or demands(text) or is_shrug(text) or _NOT_A_PLACE.search(said):
        return False
    if _PLACE_LIKE.search(said):
        return True
    return _WORDS_OF_A_NAME.fullmatch(said) is not None and not _DOING.search(said)


def is_rude(text: str) -> bool:
    """Lets off steam, and tells nothing."""
    return len(text) <= 20 and _RUDE.search(text) is not None


def tells_nothing(text: str) -> bool:
    """Temper, or a few Latin letters: it belongs into no case."""
    return is_rude(text) or (len(text) <= 12 and not re.search(r"[一-龥\d*]", plain(text)))


def declines_phone(text: str) -> bool:
    """Does not want to leave a number: 不留电话, 电话就不留了."""
    return _NO_PHONE.fullmatch(_closed_up(text)) is not None


def declines_name(text: str) -> bool:
    """Does not want to be known at all: 匿名, 不留名字, 不留联系方式."""
    said = _closed_up(text)
    no_phone = _NO_PHONE.fullmatch(said)
    return _NO_NAME.fullmatch(said) is not None or bool(no_phone and "联系方式" in said)


def _closed_up(text: str) -> str:
    return re.sub(r"[\s，,。.！!、]", "", plain(text))


def is_phone(text: str) -> bool:
    """Little but a number that was starred out before the bot saw it."""
    rest = re.sub(r"[*＊【】\s]|号码|我的?|电话|手机|联系|方式|号|是|打|这个|[:：，,。]", "", text)
    return ("*" in text or "号码" in text) and len(rest) <= 2
