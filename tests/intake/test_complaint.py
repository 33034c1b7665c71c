"""One message fills the case as far as it says something, and no further."""

from datetime import datetime

import msgspec

from intake.complaint import Reading, read, warm
from intake.department import Directory
from intake.evidence import Found
from intake.occurred import CITY

NOW = datetime(2026, 3, 18, 9, 30, tzinfo=CITY)
DIRECTORY = Directory([("城管执法局", "查处夜间施工", ["夜间施工噪声", "占道经营"])])
TEXT = "我要投诉，昨晚11点海淀区知春路甲48号院旁边的工地还在夜间施工，噪声吵得睡不着，我叫李建国"


def test_all_that_is_said_is_read_with_its_words() -> None:
    warm()
    reading = read(TEXT, NOW, DIRECTORY)
    assert reading.content is not None
    assert reading.content.value == TEXT
    assert _value(reading.time) == "2026-03-17T23"
    assert _value(reading.place).startswith("海淀区知春路甲48号院")
    assert _value(reading.name) == "李建国"
    assert _value(reading.kind) == "complaint"
    assert _value(reading.category) in ("城市管理/施工扰民", "环境保护/噪声污染")
    assert _value(reading.department) == "城管执法局"
    for field in ("place", "name", "about"):
        found = getattr(reading, field)
        assert found is None or TEXT[found.start : found.end] == found.value


def test_what_is_not_said_stays_empty() -> None:
    for text in ("", "  ", "你好"):
        assert read(text, NOW, DIRECTORY) == Reading()


def test_an_answer_to_a_question_is_no_content_of_its_own() -> None:
    assert read("13800138000，我姓王", NOW).content is None
    where = read("在海淀区知春路甲48号院", NOW)
    assert where.content is None
    assert where.place is not None
    when = read("是昨晚11点", NOW)
    assert when.content is None
    assert _value(when.time) == "2026-03-17T23"


def test_what_goes_on_is_said_to_go_on() -> None:
    reading = read("工地每天夜里施工，吵得睡不着", NOW)
    assert reading.time is None
    assert _value(reading.ongoing) == "每天夜里"


def test_whom_it_is_about_is_named() -> None:
    reading = read("我要投诉美味居饭店，给老人吃变质的菜", NOW)
    assert _value(reading.about) == "美味居饭店"


def test_a_reading_travels_as_plain_data() -> None:
    reading = read(TEXT, NOW, DIRECTORY)
    assert msgspec.json.decode(msgspec.json.encode(reading), type=Reading) == reading


def test_a_masked_text_is_read_at_the_same_offsets() -> None:
    said, masked = "我叫李建国，13800138000，昨晚11点", "我叫李建国，***********，昨晚11点"
    assert read(said, NOW) == read(masked, NOW)


def _value(found: Found | None) -> str:
    return found.value if found else ""
