"""Days and months as people say them, counted from a day: 昨天, 上周三, 3月5号, 三天前, 上个月."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from intake.festivals import FESTIVAL, day_of
from intake.numerals import NUMBER, number


@dataclass(frozen=True, slots=True)
class Day:
    at: date
    precision: str  # day | month
    start: int
    end: int
    confidence: float
    is_relative: bool = False
    is_night: bool = False  # 昨晚: the small hours that follow belong to the next day

    def iso(self) -> str:
        return f"{self.at:%Y-%m}" if self.precision == "month" else self.at.isoformat()


_RELATIVE = {
    "大前天": 3,
    "前天": 2,
    "前日": 2,
    "前晚": 2,
    "前夜": 2,
    "昨天": 1,
    "昨日": 1,
    "昨晚": 1,
    "昨夜": 1,
    "昨儿": 1,
}
_RELATIVE |= {
    "昨": 1,
    "今天": 0,
    "今日": 0,
    "今早": 0,
    "今晨": 0,
    "今晚": 0,
    "今夜": 0,
    "今儿": 0,
    "当晚": 0,
}
_NAMED = re.compile(
    r"大前天|前[天日晚夜](?!后)|昨[天日晚夜儿]|昨(?=[晨早])|今[天日早晨晚夜儿](?!年|后|起)"
)
_WEEK = re.compile(
    r"(?P<which>上上个?|上个?|这个?|本|下个?|每个?)?(?:周|星期"
    r"|礼拜)(?P<day>[一二三四五六日天末1-6])(?![次遍个到至天月年点、]|[一二三四五六日]?至)"
)
_WEEKDAYS = "一二三四五六"
_FULL = re.compile(
    r"(?<![\d.])(?P<year>(?:19|20)\d\d|\d\d(?=年))\s?(?:年|[-/.])\s?(?P<month>1[0-2]|0?[1-9]"
    r"|十[一二]?|[一二三四五六七八九])\s?"
    r"(?:月份?(?:\s?(?P<day>[12]\d|3[01]|0?[1-9]|[一二三]?十[一二三四五六七八九]?"
    r"|[一二三四五六七八九])\s?[日号]?)?"
    r"|[-/.]\s?(?P<day2>[12]\d|3[01]|0?[1-9])(?![\d]))"
)
_MONTH_DAY = re.compile(
    r"(?:(?P<year>今年|去年|前年)|(?<![\d年.]))(?P<month>1[0-2]|0?[1-9]|十[一二]?"
    r"|[一二三四五六七八九]|元)月份?"
    r"(?:\s?(?P<day>[12]\d|3[01]|0?[1-9]|[一二三]?十[一二三四五六七八九]?"
    r"|[一二三四五六七八九])\s?[日号]|(?![\d个子嫂]))"
)
_MONTH_OF = re.compile(
    r"(?P<which>上上个?月|上个?月|这个月|本月|当月)(?:份)?(?:的)?(?:(?P<day>[12]\d|3[01]"
    r"|0?[1-9]|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[日号])?"
)
_BARE_DAY = re.compile(
    r"(?<![\d月第年.\-/一-龥])(?P<day>[12]\d|3[01]"
    r"|[1-9])[号日](?![楼院店线门栋馆厅文机\d单室])(?=[^，。]{0,2}(?:早|晚|上午|下午|中午|夜"
    r"|凌晨|那天|当天|[，的]|去|在|我|就|\d))"
)
_AGO = re.compile(
    rf"(?P<count>{NUMBER})(?P<unit>天|日|个?星期|个?礼拜|周|个月)(?:以前|之前|前)(?![后往])"
)
_SINCE = re.compile(
    r"(?:已经?|连续|都|停[水电气暖]|坏|断|漏|堵|持续|整整"
    r"|快)了?(?P<count>[一二两三四五六七八九十]{1,3}|\d{1,2})(?:天|日)了"
)
# A day that stands behind one of these is planned, owed, printed or somebody's birthday.
_NOT_AN_EVENT = re.compile(
    r"(?:承诺|预计|计划|将[于在]?|截止|截至|到|至|等到|出生|生日|生于|入职|买于|购于|有效期"
    r"|保质期|日期|定于|每年|每月|每个月|以前|直到|《[^》]*)[^，。\d]{0,3}$"
)
_NOT_AFTER = re.compile(
    r"(?:之前|以前|前)(?:完|交|竣|必|要|能|把|给|修|通|答|回)|(?:完工|竣工|交房|开工的|出生"
    r"|生的|[^，。]{0,3}到期)|[^，。]{0,3}(?:提交|申请|签订|购买|注册|登记|签)的|施行|实施"
    r"|颁布|发布的?《|入的?职|[买领办]的[证房]|参加工作"
)

_NOT_YET = re.compile(r"[还都]?(?:还没|还好好|没这|没有这|不这样|还是好的|都还好)")  # 昨天还没有


def days(text: str, today: date) -> Iterator[Day]:
    """Every day or month that the text tells of; those still to come are left to the caller."""
    taken: list[tuple[int, int]] = []
    for pattern, reader in _READERS:
        for match in pattern.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            if _NOT_AN_EVENT.search(text[max(0, match.start() - 10) : match.start()]):
                continue
            if _NOT_AFTER.match(text, match.end()) or _NOT_YET.match(text, match.end()):
                continue
            day = reader(match, today)
            if day:
                taken.append(match.span())
                yield day


def _named(match: re.Match[str], today: date) -> Day:
    at = today - timedelta(days=_RELATIVE[match[0]])
    return _day(match, at, 0.9, is_relative=True, is_night=match[0][-1] in "晚夜")


def _week(match: re.Match[str], today: date) -> Day | None:
    which, day = match["which"] or "", match["day"]
    if which.startswith(("下", "每")) or (day == "末" and not which):
        return None  # still to come, a habit, or weekends at large
    weekday = 5 if day == "末" else 6 if day in "日天" else _WEEKDAYS.find(day)
    weekday = int(day) - 1 if day.isdigit() else weekday
    monday = today - timedelta(days=today.weekday())
    if which.startswith("上"):
        weeks = 2 if which.startswith("上上") else 1
        return _day(match, monday - timedelta(days=7 * weeks - weekday), 0.8, is_relative=True)
    at = monday + timedelta(days=weekday)
    if at > today:
        if which:
            return None
        at -= timedelta(days=7)
    return _day(match, at, 0.75 if which else 0.6, is_relative=True)


def _full(match: re.Match[str], today: date) -> Day | None:
    year = int(match["year"])
    year = year + 2000 if year < 100 else year
    return _on(
        match, year, number(match["month"]), number(match["day"] or match["day2"] or "零"), 0.9
    )


def _month_day(match: re.Match[str], today: date) -> Day | None:
    month = 1 if match["month"] == "元" else number(match["month"])
    day = number(match["day"]) if match["day"] else 0
    if month is None or day is None:
        return None
    if match["year"]:
        year = today.year - ("今年", "去年", "前年").index(match["year"])
        return _on(match, year, month, day, 0.85)
    is_later = (month, day or 1) > (today.month, today.day)
    ahead = (month - today.month) % 12
    if is_later and ahead <= 2 and month >= today.month:
        return None  # soon to come: a plan, not an event of last year
    return _on(match, today.year - is_later, month, day, 0.85 if day else 0.5)


def _month_of(match: re.Match[str], today: date) -> Day | None:
    which = match["which"]
    back = 2 if which.startswith("上上") else 1 if which.startswith("上") else 0
    first = today.replace(day=1)
    for _ in range(back):
        first = (first - timedelta(days=1)).replace(day=1)
    day = number(match["day"]) if match["day"] else 0
    if not day and not back:
        return None
    return _on(match, first.year, first.month, day, 0.85 if day else 0.5)


def _bare_day(match: re.Match[str], today: date) -> Day | None:
    day = int(match["day"])
    first = today.replace(day=1)
    if day > today.day:
        first = (first - timedelta(days=1)).replace(day=1)
    return _on(match, first.year, first.month, day, 0.6)


def _ago(match: re.Match[str], today: date) -> Day | None:
    count, unit = number(match["count"]), match["unit"]
    if count is None or count > 400:
        return None
    if "月" in unit:
        first = today.replace(day=1)
        for _ in range(min(count, 24)):
            first = (first - timedelta(days=1)).replace(day=1)
        return Day(first, "month", match.start(), match.end(), 0.5, is_relative=True)
    span = count if unit in "天日" else count * 7
    return _day(
        match, today - timedelta(days=span), 0.8 if unit in "天日" else 0.6, is_relative=True
    )


def _since(match: re.Match[str], today: date) -> Day | None:
    count = number(match["count"])
    if count is None or not 0 < count <= 60:
        return None
    return Day(today - timedelta(days=count), "day", match.start(), match.end(), 0.45)


def _festival(match: re.Match[str], today: date) -> Day | None:
    told = day_of(match, today)
    if told is None:
        return None
    at, precision = told
    return Day(at, precision, match.start(), match.end(), 0.7 if precision == "day" else 0.5)


def _on(
    match: re.Match[str], year: int, month: int | None, day: int | None, confidence: float
) -> Day | None:
    if month is None or day is None:
        return None
    try:
        at = date(year, month, day or 1)
    except ValueError:
        return None
    precision = "day" if day else "month"
    return Day(at, precision, match.start(), match.end(), confidence if day else 0.5)


def _day(
    match: re.Match[str],
    at: date,
    confidence: float,
    *,
    is_relative: bool = False,
    is_night: bool = False,
) -> Day:
    return Day(at, "day", match.start(), match.end(), confidence, is_relative, is_night)


_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], Day | None]], ...] = (
    (_NAMED, _named),
    (_FULL, _full),
    (_MONTH_DAY, _month_day),
    (_MONTH_OF, _month_of),
    (FESTIVAL, _festival),
    (_WEEK, _week),
    (_AGO, _ago),
    (_SINCE, _since),
    (_BARE_DAY, _bare_day),
)
