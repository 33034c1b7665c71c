"""Whom or what a complaint is about: the business, the site or the body that is named in it."""

from __future__ import annotations

import re

from intake.evidence import Found
from intake.segments import Segment, segments

_ENDING = re.compile(
    r"(?:公司|集团|物业|饭店|餐馆|餐厅|饭馆|烧烤店|烧烤摊|火锅店|早餐店|小吃店|便利店|药店"
    r"|超市|商场|酒店|宾馆|酒吧|歌厅|KTV|网吧|健身房|美容院|理发店"
    r"|洗车店|修车店|汽修厂|门店|商家|店铺|店|快递|外卖|培训机构|培训班|幼儿园|小学|中学|学校"
    r"|医院|诊所|银行|中介|开发商|施工方|施工队|施工单位|工地"
    r"|工厂|加工厂|养殖场|养猪场|搅拌站|加油站|停车场|菜市场|市场|居委会|村委会|派出所|公交车?"
    r"|路公交)$",
    re.IGNORECASE,
)
_PARTS = frozenset(("n", "nz", "nw", "ORG", "LOC", "PER", "m", "vn", "s", "an"))
_MOST_PARTS = 4
_EMPTY = re.compile(
    r"有关|相关|部门|居民|市民|业主|附近|旁边|对面|楼下|楼上|门口|周边|小区|一家|这家|"
    r"那家|某|个别|一些|很多"
)
_GENERAL = re.compile(r"店|快递|外卖|市场|学校|公交|公司|医院|银行|超市|门店")


def about(text: str) -> Found | None:
    """The first body that the text names, as named."""
    return about_among(text, segments(text))


def about_among(text: str, tagged: list[Segment]) -> Found | None:
    """`about` for a text whose segments are known already."""
    general: Found | None = None
    for index, segment in enumerate(tagged):
        if segment.tag not in _PARTS or not _ENDING.search(segment.word):
            continue
        first = index
        while first > 0 and index - first < _MOST_PARTS and _belongs(tagged[first - 1]):
            first -= 1
        start, end = tagged[first].start, segment.end
        value = text[start:end]
        if _GENERAL.fullmatch(value):
            general = general or Found(value=value, confidence=0.3, start=start, end=end)
            continue
        is_named = segment.tag == "ORG" or first < index
        return Found(value=value, confidence=0.7 if is_named else 0.5, start=start, end=end)
    return general


def _belongs(segment: Segment) -> bool:
    return segment.tag in ("n", "nz", "ORG", "nw", "PER", "LOC", "vn") and not _EMPTY.fullmatch(
        segment.word
    )
