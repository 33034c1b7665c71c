"""Days told by a festival: 国庆前, 五一那天, 去年双十一, 春节期间, 中秋节前一天.

A feast of one day is that day; holidays of a week are the month, since nobody says which day.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta

from intake.numerals import NUMBER, number

# The lunar ones as month and day of the years from 2020; later years are not told by them.
_FIRST_YEAR = 2020
_LUNAR: Mapping[str, str] = {
    "春节": "0125 0212 0201 0122 0210 0129 0217 0206 0126 0213 0203 0123 0211 0131 0219 0208 0128 "
    "0215 0204 0124 0212",
    "端午": "0625 0614 0603 0622 0610 0531 0619 0609 0528 0616 0605 0624 0612 0601 0620 0610 0530 "
    "0618 0607 0527 0614",
    "中秋": "1001 0921 0910 0929 0917 1006 0925 0915 1003 0922 0912 1001 0919 0908 0927 0916 1004 "
    "0924 0913 1002 0920",
}
_SOLAR: Mapping[str, tuple[int, int]] = {
    "元旦": (1, 1),
    "三八": (3, 8),
    "清明": (4, 5),
    "五一": (5, 1),
    "劳动": (5, 1),
    "六一": (6, 1),
    "儿童": (6, 1),
    "十一": (10, 1),
    "国庆": (10, 1),
    "双十一": (11, 11),
    "双十二": (12, 12),
    "圣诞": (12, 25),
}
_WEEKS = frozenset(("春节", "五一", "劳动", "十一", "国庆"))
_NAMES_OF_THE_SPRING = ("过年", "大年初一", "年三十", "除夕")
FESTIVAL = re.compile(
    r"(?P<year>今年|去年|前年)?的?"
    r"(?P<name>春节|大年初一|(?:大)?年三十|除夕|过年(?=那|的?时候|期间|前|后|当天)|端午|中秋|元旦|清明|国庆"
    r"|双十一|双十二|圣诞|(?:五一|六一|三八)(?=节|那|当|期间|假|小?长假|前|后|放假)"
    r"|(?:劳动|儿童)(?=节)|(?<![二三四五六七八九\d])十一(?=那天|当天|期间|假期|长假|黄金周|前|放假))"
    r"(?:节)?(?:小?长假|假期|黄金周|放假)?"
    rf"(?:(?P<days>{NUMBER})?(?P<unit>天|个?星期|周)?(?P<before>之?前)(?P<count>{NUMBER})?"
    r"(?P<count_unit>天|个?星期|周)?(?![一-龥]{0,2}[能完修交])|(?P<that>当天|那天|当晚|那晚|晚上))?"
    r"(?!路|街|小区|广场|村|小学|中学|公园|桥|社区|来临|快乐|将至)"
)
_SOON = 75  # days; a festival so near is mostly one to come


def day_of(match: re.Match[str], today: date) -> tuple[date, str] | None:
    """The day, or the first of the month, and which of the two it is."""
    name = match["name"]
    feast = _latest(name, today, match["year"] or "")
    if feast is None:
        return None
    if match["before"]:
        return _before(match, feast)
    if name[-2:] in _NAMES_OF_THE_SPRING or match["that"] or name not in _WEEKS:
        return feast, "day"
    return feast.replace(day=1), "month"


def _before(match: re.Match[str], feast: date) -> tuple[date, str]:
    count = match["count"] or match["days"]
    unit = match["count_unit"] or match["unit"]
    days = number(count) if count and unit else None
    if days is None:
        return (feast - timedelta(days=1)).replace(day=1), "month"
    return feast - timedelta(days=days if unit == "天" else 7 * days), "day"


def _latest(name: str, today: date, year: str) -> date | None:
    """The last time it was, or that of the year that is named."""
    if year:
        feast = _in(name, today.year - ("今年", "去年", "前年").index(year))
        return feast if feast and feast <= today else None
    coming = _in(name, today.year)
    if coming and today < coming <= today + timedelta(days=_SOON):
        return None
    feasts = [feast for back in (0, 1) if (feast := _in(name, today.year - back))]
    return next((feast for feast in feasts if feast <= today), None)


def _in(name: str, year: int) -> date | None:
    if name in _SOLAR:
        return date(year, *_SOLAR[name])
    eve = name.endswith(("三十", "除夕"))
    told = _LUNAR["春节" if eve or name in ("过年", "大年初一") else name].split()
    if not 0 <= year - _FIRST_YEAR < len(told):
        return None
    found = told[year - _FIRST_YEAR]
    return date(year, int(found[:2]), int(found[2:])) - timedelta(days=eve)
