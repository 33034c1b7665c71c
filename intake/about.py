"""Whom or what a complaint is about: the business, the site, the body or the people in it.

What is named wins (公司叫…, 投诉…), then a body with a name of its own, then one without, then
people by what they do. An office that was only asked for help is not whom the complaint is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from intake.evidence import Found, found_at
from intake.segments import Segment, segments

_BODY = (
    r"(?:公司|集团|物业|饭店|餐馆|餐厅|饭馆|烧烤店|烧烤摊|火锅店|早餐店|小吃店|奶茶店|便利店|药店|美甲店|足疗店|棋牌室|麻将馆"
    r"|超市|商场|酒店|宾馆|民宿|酒吧|歌厅|KTV|网吧|健身房|美容院|理发店|浴室|影楼"
    r"|洗车店|修车店|汽修厂|门店|专卖店|旗舰店|商家|店家|店铺|摊位|小摊|摊|店|快递柜|快递|快递站|驿站|外卖|培训机构|培训班|幼儿园|小学|中学|学校|食堂|托管班"
    r"|医院|诊所|卫生院|银行|营业厅|营业部|中介|开发商|承建商|施工方|施工队|施工单位|工地|包工头|搬家公司|劳务|家政|旅行社"
    r"|[^，。\s]厂|养殖场|养猪场|搅拌站|加油站|停车场|菜市场|垃圾站|儿童乐园|游泳馆|居委会|村委会|派出所|供电局|自来水公司|热力公司"
    r"|燃气公司|电力公司|管理处|环卫所|收费站|街道办|公交车?|路公交)"
)
_ENDING = re.compile(_BODY + "$", re.IGNORECASE)
_PARTS = frozenset(("n", "nz", "nw", "ORG", "LOC", "PER", "m", "vn", "s", "an"))
_MOST_PARTS = 4
_EMPTY = re.compile(
    r"有关|相关|部门|居民|市民|业主|附近|旁边|对面|楼下|楼上|门口|周边|小区|一家|这家|"
    r"那家|某|个别|一些|很多"
)
_GENERAL = re.compile(
    r"店|摊|快递|外卖|市场|学校|公交车?|公司|医院|银行|超市|门店|商家|店家|商场|单位|中介|食堂|幼儿园|小学|中学"
)
# Whom one turns to; they are blamed only when nobody else is there.
_OFFICE = re.compile(r"(?:派出所|居委会|村委会|街道办|管理处|社区)$")
_NAME = r"(?P<name>[^，,。.；;！!？?：:\s（）()]{2,16})"
_CALLED = re.compile(
    r"(?:公司|商家|店家|店铺?|店名|网店|机构|厂家|开发商|物业(?:公司)?|单位|企业|学校|饭店|平台|品牌)(?:的?(?:全称|名字|名称))?"
    rf"(?:名?叫做?|名为|就是|是(?!不|没|我|他|谁|什|假|坏|黑|说|在|个|设|要|有|系|人|否|第|一|这|那|被|从|对)|[:：]){_NAME}(?=[，,。.；;！!？?\s（(]|$)"
)
_ACCUSED = re.compile(
    rf"(?:投诉|举报|检举|表扬|感谢)(?:一下|下)?[：:]?(?:关于)?(?P<name>[^，,。.；;！!？?：:\s]{{0,14}}?{_BODY})",
    re.IGNORECASE,
)
_PEOPLE = re.compile(
    r"(?:出租车|网约车|公交车|滴滴|大货车|渣土车)?司机|收费员|检票员|售票员|保安|城管|房东|二房东|老板|包工头|施工队|中介|导游|服务员|店员"
    r"|客服|教练|班主任|[一-龥]老师|窗口工作人员|工作人员|楼上(?=[^，。]{0,4}(?:装修|邻居|住户|漏水|住|那))|隔壁(?=[^，。]{0,4}(?:装修|邻居|住户|那))|邻居"
)
_WHERE = re.compile(
    r"门口|旁边?|附近|对面|周边|桥头|隔壁|楼[上下](?!的)|后[面门]|东|西|南|北|[站口]|到(?!处)"
)
_SITE = re.compile(r"学院|大学|天地|广场|大厦|大队|政府|法院|[委局厅]$")
_NOT_A_NAME = re.compile(r"电话|手机|短信|客服|投诉|隔壁|免费|无证|黑")
_BRAND = re.compile(r"[一-龥][一-龥A-Za-z]{1,7}")


def about(text: str) -> Found | None:
    """The body that the text complains of, as named."""
    return about_among(text, segments(text))


def about_among(text: str, tagged: list[Segment]) -> Found | None:
    """`about` for a text whose segments are known already."""
    called = _CALLED.search(text)
    if called:
        return found_at(called, 0.8, "name")
    found = list(_bodies(text, tagged))
    accused = _ACCUSED.search(text)
    if accused and not _GENERAL.fullmatch(accused["name"]):
        return found_at(accused, 0.8, "name")
    best = max(found, key=lambda each: each.confidence, default=None)
    if best is None or best.confidence <= _LITTLE:
        person = _PEOPLE.search(text)
        if person and (best is None or _OFFICE.search(best.value)):
            return found_at(person, 0.4)
    return best


_LITTLE = 0.35


def _bodies(text: str, tagged: list[Segment]) -> Iterator[Found]:
    """Each body that is told, surer the more of a name it has."""
    for index, segment in enumerate(tagged):
        if segment.tag not in _PARTS or not _ENDING.search(segment.word):
            if segment.tag == "ORG" and _is_a_brand(text, segment):
                yield _found(text, segment.start, segment.end, 0.45)
            continue
        first = index
        while first > 0 and index - first < _MOST_PARTS and _belongs(tagged[first - 1]):
            first -= 1
        start, end = tagged[first].start, segment.end
        value = text[start:end]
        if _is_a_landmark(text, start, end):
            continue
        if _GENERAL.fullmatch(value) or _OFFICE.search(value):
            yield _found(text, start, end, 0.3)
            continue
        is_named = segment.tag == "ORG" or first < index
        yield _found(text, start, end, 0.7 if is_named else 0.5)


def _is_a_brand(text: str, segment: Segment) -> bool:
    return (
        _BRAND.fullmatch(segment.word) is not None
        and not _SITE.search(segment.word)
        and not _is_a_landmark(text, segment.start, segment.end)
    )


def _is_a_landmark(text: str, start: int, end: int) -> bool:
    """Named only to say where: 加油站旁边, 从菜市场到二中."""
    return bool(_WHERE.match(text, end)) or text[max(0, start - 1) : start] in ("从", "到", "比")


def _found(text: str, start: int, end: int, confidence: float) -> Found:
    return Found(value=text[start:end], confidence=confidence, start=start, end=end)


def _belongs(segment: Segment) -> bool:
    return (
        segment.tag in ("n", "nz", "ORG", "nw", "PER", "LOC", "vn")
        and not _EMPTY.fullmatch(segment.word)
        and not _NOT_A_NAME.search(segment.word)
    )
