"""When it happened, as exact as it is said and never more exact, in the hotline's own time.

Values are ISO, cut where the words end: ``2026-03`` (a month), ``2026-03-17``, ``2026-03-17T23``,
``2026-03-17T23:40``. What goes on without a beginning (每天夜里, 这几天, 一直) is no point in time:
`occurred` leaves it empty, `ongoing` gives the words, so that nobody asks for a moment that was
never there. A beginning that can be counted back (停水三天了) is one, with little confidence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from intake.clock import Clock, clock_at, clocks
from intake.days import Day, days
from intake.evidence import Found
from intake.numerals import number

CITY = ZoneInfo("Asia/Shanghai")
READ = 600
_NEAR = 24  # how far after its day an hour may stand
_SAME_SENTENCE = re.compile(r"[^。！!？?；;\n]*")
_HABIT = re.compile(
    r"每天|每日|每晚|每夜|每周|每个?月|每到|每逢|天天|夜夜|经常|常常|时常|总是|老是|一直|长期"
    r"|长年|常年|一到|从早到晚|没日没夜"
    r"|营业|上班|下班|办公时间|开门|关门|早[^，。]{0,6}晚"
)
_RULE = re.compile(r"(?:以|之)?[前后](?!来)")  # 十一点后改成黄闪
_REPEATED = re.compile(r"每|天天|夜夜|经常|常常|时常|总是|老是")
_UNTIL = re.compile(r"(?:到|至|[-—~～])\s?$|从$")
_ONGOING = re.compile(
    r"每天的?(?:夜里|晚上|半夜|凌晨|早上|中午)?|每[晚夜周日]|天天|夜夜|经常"
    r"|常常|时常|老是|总是|一直|长期|长年|常年"
    r"|这几[天日周]|最近(?:几天|一段时间)?|近[来期日]|近几[天日]|近段时间|这段时间|这阵子"
    r"|[好连]几[天日晚]|从早到晚"
    r"|没日没夜|隔三差五|好久了?|很久了?|好长时间了?"
)
_JUST_NOW = re.compile(
    r"刚才|就(?:在)?刚刚|刚刚(?=[！!，,。]|$)|刚刚(?=[^，。]{0,12}(?:了|在|有|被|停|坏))|此刻|(?:现在|目前)(?=(?:正|还|又|仍|都还)在)"
)
_AGO = re.compile(
    r"(?P<half>半个?)(?:小时|钟头)(?:以?前|之前)|(?P<count>[0-9]{1,3}"
    r"|[一二两三四五六七八九十]{1,3})个?(?P<unit>小时|钟头|分钟)(?:以?前|之前)"
)


@dataclass(frozen=True, slots=True)
class _Moment:
    value: str
    rank: float
    confidence: float
    start: int
    end: int


def occurred(text: str, now: datetime) -> Found | None:
    """The moment that the text gives for what it reports, counted from `now`."""
    text = text[:READ]
    now = now.astimezone(CITY)
    moments = [*_from_days(text, now), *_from_now(text, now), *_from_bare_clocks(text, now)]
    if not moments:
        return None
    best = max(moments, key=lambda moment: (moment.rank, -moment.start))
    return Found(value=best.value, confidence=best.confidence, start=best.start, end=best.end)


def ongoing(text: str) -> Found | None:
    """The words that say that it goes on, or comes again and again, with no single moment."""
    match = _ONGOING.search(text[:READ])
    if match is None:
        return None
    return Found(value=match[0], confidence=0.6, start=match.start(), end=match.end())


def _from_days(text: str, now: datetime) -> list[_Moment]:
    found = []
    told = sorted(days(text, now.date()), key=lambda day: day.start)
    for index, day in enumerate(told):
        next_day = told[index + 1].start if index + 1 < len(told) else len(text)
        if day.precision != "day":
            found.append(_moment(day, day.iso(), now))
            continue
        clock = clock_at(text, day.end)
        end = day.end
        if clock is None:
            clock = _clock_nearby(text[:next_day], day)
        else:
            end = clock.end
            if clock.hour is None:  # 四天前的晚上，大概十点一刻
                clock = _hour_of_part(text[:next_day], clock)
                end = clock.end
        if clock is None or clock.hour is None:
            found.append(_moment(day, day.iso(), now, end=end))
            continue
        hour = _hour_of(day, clock, now)
        found.append(_moment(day, _iso(hour, clock), now, end=max(end, clock.end), has_hour=True))
    return [moment for moment in found if moment.rank > 0]


def _clock_nearby(text: str, day: Day) -> Clock | None:
    """An hour later in the same sentence, when it is not another day's or a habit's."""
    rest = _SAME_SENTENCE.match(text, day.end)
    window = text[day.end : min(rest.end() if rest else day.end, day.end + _NEAR)]
    if _REPEATED.search(window):
        return None
    for clock in clocks(window):
        if clock.hour is not None:
            return clock.moved(day.end)
    return None


def _hour_of_part(text: str, part: Clock) -> Clock:
    """The hour that is told a little after its part of the day."""
    rest = _SAME_SENTENCE.match(text, part.end)
    window = text[part.end : min(rest.end() if rest else part.end, part.end + _NEAR // 2)]
    if _REPEATED.search(window):
        return part
    told = (clock for clock in clocks(window) if clock.hour is not None and not clock.is_range)
    for clock in told:
        if clock.has_daypart and clock.part != part.part:
            break
        return replace(clock.moved(part.end), part=part.part)
    return part


def _hour_of(day: Day, clock: Clock, now: datetime) -> datetime:
    """The hour on that day; the small hours of a "last night" belong to the day after."""
    night = day.is_night or clock.is_night
    hour, next_day = clock.on_24(is_night=night)
    moment = datetime(day.at.year, day.at.month, day.at.day, hour, clock.minute or 0, tzinfo=CITY)
    if next_day:
        moved = moment + timedelta(days=1)
        return moved if moved <= now + timedelta(minutes=30) else moment
    return moment


def _moment(
    day: Day, value: str, now: datetime, *, end: int | None = None, has_hour: bool = False
) -> _Moment:
    rank = {"day": 2.0, "month": 1.0}[day.precision] + has_hour + (0.4 if day.is_relative else 0)
    if value[:10] > now.date().isoformat():
        rank = 0  # what is still to come has not happened
    return _Moment(value, rank, day.confidence, day.start, end or day.end)


def _from_now(text: str, now: datetime) -> list[_Moment]:
    found = []
    for match in _JUST_NOW.finditer(text):
        found.append(_Moment(f"{now:%Y-%m-%dT%H}", 1.5, 0.6, match.start(), match.end()))
    for match in _AGO.finditer(text):
        count = 30 if match["half"] else number(match["count"])
        if count is None:
            continue
        is_minutes = bool(match["half"]) or match["unit"] == "分钟"
        at = now - (timedelta(minutes=count) if is_minutes else timedelta(hours=count))
        found.append(_Moment(f"{at:%Y-%m-%dT%H}", 3.2, 0.85, match.start(), match.end()))
    return found


def _from_bare_clocks(text: str, now: datetime) -> list[_Moment]:
    """An hour without a day is the last such hour, when it is told as one event."""
    found = []
    for clock in clocks(text):
        if clock.hour is None or clock.is_range:
            continue
        before = text[max(0, clock.start - 12) : clock.start]
        if (
            _UNTIL.search(before)
            or _HABIT.search(before)
            or _RULE.match(text, clock.end)
            or _HABIT.search(text[clock.end : clock.end + 8])
        ):
            continue
        if not clock.has_daypart and clock.minute is None:
            continue
        hour, _ = clock.on_24(is_night=clock.is_night)
        at = now.replace(hour=hour, minute=clock.minute or 0, second=0, microsecond=0)
        if at > now:
            at -= timedelta(days=1)
        found.append(_Moment(_iso(at, clock), 1.8, 0.5, clock.start, clock.end))
    return found


def _iso(at: datetime, clock: Clock) -> str:
    return f"{at:%Y-%m-%dT%H:%M}" if clock.minute is not None else f"{at:%Y-%m-%dT%H}"
