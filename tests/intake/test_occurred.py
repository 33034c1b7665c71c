"""A moment is as exact as it is said, in the city's time; what only goes on has none."""

from datetime import UTC, datetime

import pytest

from intake.occurred import CITY, occurred, ongoing

NOW = datetime(2026, 3, 18, 9, 30, tzinfo=CITY)  # a Wednesday

SAID = [
    ("昨晚11点还在施工", "2026-03-17T23"),
    ("昨天晚上12点半还在打桩", "2026-03-18T00:30"),
    ("昨天夜里两点", "2026-03-18T02"),
    ("昨天凌晨2点", "2026-03-17T02"),
    ("前天下午三点多有人来撬锁", "2026-03-16T15"),
    ("上周三开始停水", "2026-03-11"),
    ("上周日", "2026-03-15"),
    ("周一早上8点", "2026-03-16T08"),
    ("3月5号晚上", "2026-03-05"),
    ("3月5日22:40", "2026-03-05T22:40"),
    ("2026年3月1日", "2026-03-01"),
    ("2026-03-02 10:15", "2026-03-02T10:15"),
    ("去年7月开始施工", "2025-07"),
    ("12月20号", "2025-12-20"),
    ("上个月15号", "2026-02-15"),
    ("上个月", "2026-02"),
    ("三天前", "2026-03-15"),
    ("两小时前", "2026-03-18T07"),
    ("半小时前", "2026-03-18T09"),
    ("停水三天了", "2026-03-15"),
    ("晚上11点还在施工", "2026-03-17T23"),
    ("今天早上七点半", "2026-03-18T07:30"),
    ("昨天，楼上一直装修到晚上10点", "2026-03-17T22"),
    ("星期天晚上九点", "2026-03-15T21"),
    ("昨天中午12点", "2026-03-17T12"),
    ("昨天3点左右", "2026-03-17T15"),
    ("3月17日上午十点二十分", "2026-03-17T10:20"),
    ("今天是周三，17号晚上九点的事", "2026-03-17T21"),
]
NOT_SAID = [
    "每天夜里都施工",
    "这几天一直停电",
    "明天来办可以吗",
    "预计3月底完工",
    "每天早上6点开始放音乐",
    "居住证有效期到2026年5月1日",
    "3号楼2单元",
    "我1985年5月6日出生",
    "上午9点到下午5点上班吗",
    "5月1日起实施的规定",
    "学校周末强制补课",
    "",
]


@pytest.mark.parametrize(("text", "expected"), SAID)
def test_a_moment_is_as_exact_as_it_is_said(text: str, expected: str) -> None:
    found = occurred(text, NOW)
    assert found is not None
    assert found.value == expected
    assert 0 <= found.start < found.end <= len(text)


@pytest.mark.parametrize("text", NOT_SAID)
def test_habits_plans_and_other_dates_are_no_moment(text: str) -> None:
    assert occurred(text, NOW) is None


def test_yesterday_is_the_citys_yesterday_whatever_the_servers_clock() -> None:
    late_in_london = datetime(2026, 3, 17, 17, 0, tzinfo=UTC)  # the 18th in the city
    found = occurred("昨天下午", late_in_london)
    assert found is not None
    assert found.value == "2026-03-17"


def test_new_year_looks_back_over_the_year() -> None:
    found = occurred("上周五晚上8点", datetime(2026, 1, 2, 10, 0, tzinfo=CITY))
    assert found is not None
    assert found.value == "2025-12-26T20"


@pytest.mark.parametrize(
    ("text", "words"),
    [("每天夜里施工", "每天夜里"), ("这几天老停电", "这几天"), ("天天吵", "天天")],
)
def test_what_goes_on_is_told_apart_from_a_moment(text: str, words: str) -> None:
    found = ongoing(text)
    assert found is not None
    assert found.value == words
    assert ongoing("昨晚11点") is None


def test_little_confidence_in_a_beginning_that_is_only_counted_back() -> None:
    counted, told = occurred("停水三天了", NOW), occurred("3月15日停水", NOW)
    assert counted is not None
    assert told is not None
    assert counted.value == told.value
    assert counted.confidence < told.confidence
