"""A danger that is happening now is recognised; a question, a rule or a memory of one is not.

Two readers look at a text. The rules read it sentence by sentence: one that names a danger fires
unless the words around it say that it is asked about, past, averted, only feared or somebody's
business. What no rule knows is left to a small learned model, which also calms a rule down when it
is very sure that nothing is happening.
"""

from __future__ import annotations

import re

import msgspec

from intake.danger_model import Suspicion, shipped
from intake.danger_signs import CRIES, SIGNS, Sign

# A danger stands in the first lines of a cry for help; a letter of ten pages is not one. The limit
# also bounds the work on hostile input.
READ = 600
_AROUND = 60
_MOST_SIGNS = 12
# From this length on it is a letter: its dangers count only when it says that they are going on.
_LETTER = 120
_CRY = 40
_HALF = 0.5
_ALL_BUT_CERTAIN = 0.97


class Emergency(msgspec.Struct, frozen=True, kw_only=True):
    """The number to call, which danger it is (the key of the reply) and the words that say so."""

    number: str  # 110 | 119 | 120 | 122
    why: str  # crash | fire | gas | trapped | violence | suicide | missing | medical | cry
    words: str
    start: int
    end: int


_ASKED = re.compile(
    r"(?:怎么|如何|怎样)(?!还|会|办[！!。]?$|办啊)|(?:吗|么)[？?]?$|什么|哪(?!位|怕)|多少"
    r"|(?<!好)几(?!个)"
    r"|能否|可否|是否|能不能|可不可以|会不会|要不要|算不算|该不该|标准|收费|报销|保险|赔|理赔"
    r"|补偿|申请|流程"
    r"|手续|政策|规定|条例|法律|责任|认定|鉴定|咨询|处罚|判|罚|证明|回执|材料|培训|演练|演习"
    r"|宣传|知识|讲座"
    r"|预防|防范|防止|避免|急救证|课|新闻|电影|电视|小说|视频里|听说|据说|如果|假如|万一|要是"
    r"|一旦|容易"
    r"|可能(?!没|快|不行)|随时会|早晚|迟早|担心|(?<![好很])害怕|(?<![好很害可])怕|隐患|风险"
    r"|危险品|警示|案件|案子|案底|伤残|工伤|后遗症"
    r"|康复|治疗费|医药费|住院费|专家|门诊|科室|疫苗|险(?!情|些)|进展|结果|调查|处理得|立案"
    r"|起诉|法院|保护令"
    r"|感谢|表扬|谢谢|锦旗|幸亏|多亏|好在|建议|希望|举报|投诉|社保|医保|抚恤|丧葬|补贴|办理"
    r"|找谁|烧坏|现象|频发|引起|引发|导致"
)
_PAST = re.compile(
    r"去年|前年|大前年|上(?:个)?(?:月|周|星期|礼拜|学期)|昨[天日晚夜]|前[天晚些几]|以前|之前"
    r"|曾经?|当年|那年"
    r"|那天|那次|小时候|年前|月前|天前|[一两二三四五六七八九十几多\d]年(?!级)|\d+月\d*|过火"
    r"|过事故|经常|总是"
    r"|每天|每次|屡次|多次|老是|动不动|后来|已被?扑灭|扑灭|灭了|没事了|已(?:经)?(?:出院|送医"
    r"|送到医院|处理|去世|抓)"
    r"|被抓|过去了的|去世后|死了[一两三几多\d]"
)
_DENIED = re.compile(
    r"(?:没有?人?|没有发生|未|不是|并非|并没有?|不会|无人|不要|别|禁止|不得|严禁|拒绝)$"
)
_METAPHOR = re.compile(
    r"(?:手机|钥匙|东西|垃圾|树叶|石头|车)[^，。人]{0,3}(?:掉|落)|梦[见到]|差一?点|险些|嗓子|像[^，。]{0,4}[着起]火[^，。]{0,2}(?:一样|似的|那样)|眼睛冒火|气得?(?:我)?(?:都)?(?:冒火|吐血)|心里|上火|冒火$|生意火|(?<![着起失])火了"
    r"|抢购|后院|眼红"
    r"|[笑累热急气困饿]死|急得|游戏|比赛|股票|直播|广告|店名|剧本杀|狼人杀|杀毒|特价|杀人蜂"
    r"|价格杀|杀人诛心"
)
_NOW = re.compile(
    r"现在|正在|马上|赶紧|赶快|快来|快点|救命|刚才|刚刚|此刻|眼前|快救|急救啊|快叫|还在烧|快不行"
)
_STILL_ASKED = re.compile(r"怎么(?!办|还|会)|如何|多少|报销|演练|培训|赔|标准|社保|医保|证明|手续")
_WHOM_TO_CALL = re.compile(r"^.{0,6}(?:打(?:什么|哪个|哪里|几|多少|谁的?)|拨(?:什么|哪个|几))")
_AFTERWARDS = re.compile(r"(?:之|以)?后|的?时候?[，,]")
# Who claims, asks to be let do something or tells what somebody else does is not crying for help.
_CLAIMS = re.compile(
    r"管|物业|退|钱|元|扰民|影响|太|总|老是|天天|后(?!面|座|排)|能|可以|为什么|为啥|原因|症状|怎|如何|意思|电影|歌"
    r"|叫什么|吗|呢|药(?!了)|治|费|保|举报|投诉|公摊"
)
_SENTENCE = re.compile(r"[^。！!？?；;\n]+[。！!？?；;\n]*")
_COMMA = re.compile(r"[，,、 　]")
# Of what is only imagined the model must be all but certain.
_UNREAL = re.compile(
    r"梦[见到]|做梦|像[^，。]{0,6}(?:一样|似的|那样)|自杀式|树[^，。人]{0,4}被[^，。]{0,3}砍"
    r"|如果|假如|万一|要是|一旦|担心|听说|据说"
)
_CLAUSE = re.compile(r"[^，,、。！!？?；;\s]+")
_BARE_CRY = re.compile(r"\W{0,4}救命(?:(?:啊|呀|！|!)+|$|，)(?!钱|药|恩|稻草)")


# A stove, a car or a lighter; masked at equal length, so that offsets hold.
_NO_FIRE = re.compile("[打点]不[着燃]火?|打着火")


def emergency(text: str) -> Emergency | None:
    """The first danger that the text says is happening, or ``None``."""
    text = _NO_FIRE.sub(lambda found: "＊" * len(found[0]), text)
    found = _by_rule(text)
    if len(text) > _LETTER:
        return found if found and _rings_true(text, found) else None
    suspicion = shipped().read(text)
    if found:
        return None if suspicion.danger < shipped().calms else found
    enough = _ALL_BUT_CERTAIN if _UNREAL.search(text) else shipped().fires
    return _by_model(text, suspicion) if suspicion.danger > enough else None


def _rings_true(letter: str, found: Emergency) -> bool:
    """Letters are full of dangers; the sentence must alarm the model too."""
    for sentence in _SENTENCE.finditer(letter[:READ]):
        if sentence.start() <= found.start < sentence.end():
            return shipped().read(sentence[0]).danger > _HALF
    return True


def _by_model(text: str, suspicion: Suspicion) -> Emergency:
    """The clause that alarms the model most stands for the words."""
    clauses = list(_CLAUSE.finditer(text))
    if not clauses:
        return _emergency(suspicion.number, suspicion.why, text, 0)
    told = clauses[0]
    if len(clauses) > 1:
        told = max(clauses, key=lambda clause: shipped().read(clause[0]).danger)
    return _emergency(suspicion.number, suspicion.why, told[0], told.start())


def _by_rule(text: str) -> Emergency | None:
    is_letter = len(text) > _LETTER
    text = text[:READ]
    for sentence in _SENTENCE.finditer(text):
        if is_letter and not _NOW.search(sentence[0]):
            continue
        found = _danger_in(sentence[0], sentence.start(), SIGNS)
        if found:
            return found
    if len(text) <= _CRY and not _CLAIMS.search(text):
        found = _danger_in(text, 0, CRIES)
        if found:
            return found
    cry = _BARE_CRY.match(text) if len(text) <= 16 else None
    if cry:
        return _emergency("110", "cry", "救命", text.index("救命"))
    return None


def _danger_in(sentence: str, offset: int, signs: tuple[Sign, ...]) -> Emergency | None:
    for sign in signs:
        if not any(clue in sentence for clue in sign.clues):
            continue
        for count, match in enumerate(sign.pattern.finditer(sentence)):
            if count == _MOST_SIGNS:
                break
            if _is_happening(sentence, match.start(), match.end()):
                return _emergency(sign.number, sign.why, match[0], offset + match.start())
    return None


def _emergency(number: str, why: str, words: str, start: int) -> Emergency:
    return Emergency(number=number, why=why, words=words, start=start, end=start + len(words))


def _is_happening(sentence: str, start: int, end: int) -> bool:
    """Whether the sentence tells of the sign as present, rather than asks or remembers."""
    before = sentence[max(0, start - _AROUND) : start]
    after = sentence[end : end + _AROUND].rstrip("。！!？?；;\n")
    near_before, near_after = _COMMA.split(before)[-1], _COMMA.split(after)[0]
    words = sentence[start:end]
    if _DENIED.search(before) or _METAPHOR.search(near_before + words + near_after):
        return False
    if _AFTERWARDS.match(after) and not _NOW.search(after):
        return False
    around = f"{before}〓{after}"
    if _WHOM_TO_CALL.search(after):
        return True
    if _NOW.search(near_before) or _NOW.search(near_after):
        return not _STILL_ASKED.search(around)
    if _PAST.search(before + words + after) and not _NOW.search(around):
        return False
    return not _ASKED.search(around)
