"""Which of the six kinds of a case a text is: what it calls itself first, then what it tells.

People name the kind in the first and the last line (特此投诉), and the name beats everything.
Without one, a question is a consultation, a wrong done by somebody a complaint, and something
broken or a need a call for help. A text that says none of this has no kind yet.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from intake.evidence import Found, found_at

CONSULTATION = "consultation"
HELP = "help"
COMPLAINT = "complaint"
REPORT = "report"
SUGGESTION = "suggestion"
PRAISE = "praise"
KINDS = (CONSULTATION, HELP, COMPLAINT, REPORT, SUGGESTION, PRAISE)

READ = 1_000
_LEAST = 0.9
_A_QUESTION = 0.95  # the sign of a question alone
_STORY = 40  # from this length on a text tells something rather than only asks
_TOLD = 30
_CLAUSE = re.compile(r"[^，。！？,.!?；;\s]{3,}")
_SENTENCE = 12
_TELLING = re.compile(r"[了没不被还太都全又总]|过程中|着(?!急|火)")
_CONTACT = re.compile(r"回(?:个)?电话|谢谢|联系我|没别的")
_OPENING = 12  # a question that opens the text is meant as one


@dataclass(frozen=True, slots=True)
class _Sign:
    kind: str
    weight: float
    pattern: re.Pattern[str]


def _sign(kind: str, weight: float, *patterns: str) -> _Sign:
    return _Sign(kind, weight, re.compile("|".join(patterns)))


_SIGNS: tuple[_Sign, ...] = (
    _sign(
        COMPLAINT,
        4.0,
        r"(?:我(?:们)?(?:要|想)?|现|特此|强烈|再次|继续|进行|特|关于|^)投诉(?!电话|渠道|无门"
        r"|热线|方式|平台)",
        r"(?:业主|居民|市民)投诉[：:]|的投诉(?:$|[。，！])",
    ),
    _sign(
        COMPLAINT,
        1.6,
        r"(?<![受接的次到去])投诉(?!电话|渠道|无门|热线|方式|平台|无果|了?(?:多次|很多|几次|没"
        r"|未)|过|信)",
    ),
    _sign(
        REPORT,
        4.2,
        r"(?:我(?:们)?(?:要|想)?(?:实名|匿名)?|现|特此|实名|匿名|强烈|进行|^)(?:举报|检举"
        r"|揭发)(?!电话|渠道|方式|平台|热线)",
    ),
    _sign(
        REPORT,
        2.0,
        r"(?<![受接的次])(?:举报|检举|揭发)(?!电话|渠道|方式|平台|热线|无果|[很了]?多次|过|箱"
        r"|奖励)",
    ),
    _sign(
        SUGGESTION,
        3.6,
        r"(?:我(?:们)?(?:有个|有一个|有几点|想提个?|提个?|想)?|提个?|^|[。！？\n])(?:小"
        r"|合理化)?建议(?!书)|建议(?:政府|市|有关|相关|在|增加|增设|取消|能|把|将|可以|恢复"
        r"|设)",
    ),
    _sign(
        SUGGESTION,
        2.2,
        r"建议|能不能(?:增加|增设|改成|考虑)|应该(?:增加|增设|改成)|不如|是不是可以考虑"
        r"|希望[^，。！？]{0,16}(?:增加|增设|加装|开通|设置|延长|开放|加开|装个|装一|修建|建个|建一|配备)",
    ),
    _sign(
        PRAISE,
        4.0,
        r"表扬|点赞|点个赞|锦旗|(?:非常|特别|万分|衷心|真心|要|想"
        r"|表示)(?:的)?感谢(?!.{0,4}(?:支持|您的?(?:关注|回复)|领导|！?$))"
        r"|感谢(?:信|他|她|这位|那位|工作人员|师傅|民警|司机|接线员|社区)|为.{2,12}(?:点赞"
        r"|叫好)|拾金不昧|服务(?:态度)?(?:真|特别|非常|很)好"
        r"|^(?:我要|我想)?感谢(?!.{0,3}(?:您|你们)?.{0,3}(?:回复|关注|抽|百忙))|热心|心里(?:真)?暖|好人好事",
    ),
    _sign(
        CONSULTATION,
        3.2,
        r"咨询|请问|(?:我)?想(?:问|了解|知道|打听)|问一下|打听一下|请教|了解一下|询问",
    ),
    _sign(
        CONSULTATION,
        1.8,
        r"怎么(?:办理|申请|办|报|交|缴|查|领|去|走|开|补|算|转|改|预约|登记|投诉|举报)(?!法)"
        r"|如何(?:办|申|报|查|领|开|补|转|缴|预约|登记|处理|计算|投诉|举报)",
        r"需要(?:什么|哪些|带|准备)|什么(?:材料|条件|手续|时候|时间|流程|政策|标准)|哪里(?:办"
        r"|领|查|开|交|可以)|多少钱|收费标准|几点|能办吗|可以办|去哪|[咋怎]么?(?:弄|整|操作)(?!的)|哪[儿里]?(?:补|办|交|领"
        r"|查)|现在什么进度|要(?:本人|带什么)",
        r"(?:申请|办理|报销)[^，。！？]{0,12}(?:行不行|可不可以|能不能|条件)|(?:带|拿|准备)(?:啥|什么|哪些)|咋(?:办|没|申|交)|行不行",
        r"是否(?:可以|需要|合法|符合|有)|有没有(?:补贴|规定|政策)|何时|政策(?:是|有)",
    ),
    _sign(
        CONSULTATION,
        _A_QUESTION,
        r"[吗？?]|(?:[谁哪几]|什么|怎么|多少|不)[^，。！]{0,8}呢|怎么|如何|多少|哪[里个些]|能否",
    ),
    _sign(
        HELP,
        3.4,
        r"求助|求救|请求帮|(?:请|求|能不能|希望|麻烦)(?:你们|政府|大家)?(?:帮帮|帮忙|帮我|帮助"
        r"|救助)|救救|走投无路|帮帮我",
    ),
    _sign(
        HELP,
        3.4,
        r"(?:麻烦|请|能)?(?:你们)?帮(?:忙|我|俺|着)?(?:查|看|问|找|联系|协调|解决)(?:一?[下查看问]|$|[，。])|能不能(?:派人|上门|来人|安排)"
        r"|上门(?:给)?(?:办|服务)|想申请[^。！？]{0,16}找谁",
    ),
    _sign(
        HELP,
        1.5,
        r"(?:水管|暖气|下水道|马桶|电梯|路灯|红绿灯|井盖|水表|电线|管道|线缆|护栏|健身器材"
        r"|路面|墙皮|消防栓|燃气|厕所|公厕|地砖|人行道|房顶|屋顶|墙面|室|家里|楼道灯|门禁|栏杆|树枝)[^，。！？]{0,8}(?:碎|坏|破|爆|漏|堵|断|裂|不亮|丢|塌"
        r"|脱落|冒|不热|没了|松动|冒水)",
        r"停(?:水|电|气|暖)(?:了|啦|[一二两三四五六七八九十\d]天)|没(?:水|电|暖气|热水)(?:了|$"
        r"|[，。])|(?:没热过|没亮过|没通过水)|不(?:供暖|制热|热|亮)(?:了|$|[，。])|(?:请|麻烦|希望)(?:尽快|派人"
        r"|来人)?(?:修|维修|抢修)|(?:请|麻烦|能|赶紧|快|尽快)派(?:人|车)",
        r"刮倒|横在|被淹|淹了|灭了|倒了[^，。]{0,6}(?:压|砸|挡|横|$|，)|压着|井盖没|积水|塌了|塌陷"
        r"|大坑|(?:赶紧|快|来)(?:修|换)|修修|修一下|被(?:拿走|偷)|生活困难|没钱(?:看病|吃饭)|无家可归|走失|走丢|孤寡|钥匙锁",
    ),
    _sign(
        COMPLAINT,
        1.6,
        r"(?:全|都|被)堵|堵满|扰民|噪音|噪声|太吵|吵(?:死|得|闹|到)|恶臭|臭气|臭味|油烟|异味|没人管|无人管|不作为"
        r"|乱收费|多收|态度(?:恶劣|差|极差|很差|不好)|推诿|踢皮球|敷衍",
        r"强制(?:消费|收)|不退(?:钱|款|费|押金)?|拒绝退|拖欠|欠薪|霸王|欺骗|坑(?:人|钱|了)"
        r"|骗(?:人|钱|我)|不发工资|占(?:道|用)|堵(?:了|着|住)(?:门|路|通道)|违停|乱停|乱扔"
        r"|堆满|垃圾(?:成堆|没人|遍地|满)",
        r"(?:天天|每天|半夜|深夜|凌晨)[^，。！？]{0,12}(?:施工|装修|唱|跳|放|打桩|吵|叫)"
        r"|还在(?:施工|装修|打桩)|过期|变质|假货|质量(?:问题|差)|不(?:给|让|肯)(?:办|退|修|进"
        r"|换)|不处理|不解决|不理|没有?解决",
        r"又脏又|脏乱差|污染|严重影响|受不了|气死|太过分|什么玩意|管不管|有没有人管|到底谁管",
    ),
    # Something broken is a call for help; told for the third time it is a complaint.
    _sign(
        COMPLAINT,
        2.0,
        r"(?:反映|投诉|报修|上报|打(?:了|过)?[^，。]{0,6}电话|找|说)[过了]?(?:好?几|多|两|[三四五六七八九十\d]+|八百)[次回遍]"
        r"|第[二三四五六七八九十\d]+[次回]了|又(?:坏|停|断|漏|堵|不亮|不热)|反映过|报修过|投诉过|还是(?:老样子|时好时坏|那样)",
        r"(?:天|[个多]月|年|星期|礼拜|周)了?[^，。！？]{0,10}[，,]?[^，。！？]{0,6}(?:没|无)(?:有)?人(?:管|来|修|通|清|理|扶|换|收|处理|问|填)",
        r"怎么(?:又|还是|还不|不提前|不通知|没人)|凭(?:什么|啥)|没(?:有)?下文|一个电话(?:都)?没有|石沉大海|等到(?:啥|什么)时候"
        r"|爱答不理|看着不管|不闻不问|不当回事|说话不算|不认账|不承认|反咬|讹|走后门|优亲厚友|爱哪哪?告",
    ),
    _sign(
        COMPLAINT,
        1.6,
        r"(?:发现|都|全)?是假的|长毛|发霉|蟑螂|异物|注水|吃坏|不打表|一口价|宰客|[要再又还]收(?:我|费|钱|高)|扣(?:我|了|光)"
        r"|推搡|骂(?:人|我|了)|(?:狗|犬)[^，。]{0,12}(?:扑|咬|不牵绳|不拴)|不牵绳|蹭倒|撞(?:倒|伤|了)|摔了|不(?:给)?报工伤|欺负|赖账",
    ),
    _sign(
        COMPLAINT,
        1.2,
        r"拒载|不赔|太不方便|补课|锁着门|往下扔|扔(?:垃圾|烟头)"
        r"|(?:收钱)?不干活|还在浇|鸣笛|遗撒|有虫|管一?管|多收|刁难|辱骂|打人|插队|插一脚|甩站"
        r"|绕路|违规|短缺|缺斤[短少]两|缺斤少两|私自|擅自|涨价|跑路|关门了|假冒|克扣|没发工资|欠[^，。]{0,6}(?:工资"
        r"|钱)|逆行|闯红灯|狗[^，。]{0,6}(?:叫|咬)|抽烟|吸烟|砸|被(?:老师|保安|人)[^，。]{0,2}打|没信号|溅|换不换|不换|小广告|没清理|死活不|没(?:给|人)[^，。]{0,6}(?:交|倒|发|修|清)",
    ),
    _sign(
        COMPLAINT,
        1.1,
        r"臭|脏|污水|黑水|迟迟|至今|影响|没法|无法|危险|隐患|乱(?!写)|严重|忽悠|漠视|拖(?:了"
        r"|到|延|着)|才能|何时了|害人|豆腐渣|不管|不合理|欺负|侵占|破坏|损坏|违规"
        r"|影响[^，。]{0,6}(?:休息|生活|出行)",
        r"望[^，。！？]{0,12}(?:处理|解决|整治|介入|重视|查处|整改|清理)"
        r"|请[^，。！？]{0,12}(?:处理|解决|整治|查处|整改|清理|管一管|管管)|为(?:什么"
        r"|何)[^，。！？]{0,20}(?:不|没|还|又|总)|难道",
    ),
    _sign(
        REPORT,
        1.3,
        r"(?:偷|往[^，。]{1,10}里?|乱)(?:倒|排)(?:泔水|污水|垃圾|渣土|废水|废)|卖(?:烟|酒)给|假货|违法|非法|无证|无照|偷工减料|偷排|私搭|违建|违章建筑|贩卖|赌博|传销|卖淫|黄赌毒|吸毒"
        r"|造假|贪污|受贿|虚开|偷税|走私|盗采|黑作坊|黑车|假证|涉黄|涉毒|黑钱|不给(?:票|发票)|不开发票",
    ),
)


def kind(text: str) -> Found | None:
    """The kind that the text says most clearly, with the words that say so."""
    text = text[:READ]
    weights = dict.fromkeys(KINDS, 0.0)
    strongest: dict[str, tuple[float, re.Match[str]]] = {}
    for sign in _SIGNS:
        match = sign.pattern.search(text)
        if match is None:
            continue
        weights[sign.kind] += sign.weight
        if sign.weight > strongest.get(sign.kind, (0.0, match))[0]:
            strongest[sign.kind] = (sign.weight, match)
    asked = strongest.get(CONSULTATION)
    if weights[COMPLAINT] and len(text) > _STORY and asked and asked[1].start() > _OPENING:
        weights[CONSULTATION] *= 0.4  # the questions of an angry letter want no answer
    best = max(KINDS, key=lambda each: weights[each])
    if best == CONSULTATION and weights[best] == _A_QUESTION and _is_a_story(text):
        return _told_without_a_sign(text) or _as_read(weights, strongest, best)
    if weights[best] < _LEAST:
        return _told_without_a_sign(text)
    return _as_read(weights, strongest, best)


def _as_read(
    weights: dict[str, float], strongest: dict[str, tuple[float, re.Match[str]]], best: str
) -> Found:
    others = sum(weights.values()) - weights[best]
    return found_at(
        strongest[best][1],
        round(min(0.95, weights[best] / (weights[best] + others + 0.6)), 2),
        value=best,
    )


def _is_a_story(text: str) -> bool:
    """Told at length, with a question mark somewhere: 低保怎么评的？开小车的也有…"""
    return len(text) > _TOLD and len(_CLAUSE.findall(text)) >= 3


def _told_without_a_sign(text: str) -> Found | None:
    """Who tells a government hotline that something is so, mostly wants it otherwise."""
    if len(text) < _SENTENCE or _CONTACT.search(text):
        return None
    told = _TELLING.search(text)
    if told is None:
        return None
    return Found(value=COMPLAINT, confidence=0.5, start=told.start(), end=told.end())
