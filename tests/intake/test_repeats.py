"""The same trouble at the same place is one issue; the same story of another street is not."""

from datetime import date

import pytest

from intake.category import category
from intake.repeats import Report, likeness, most_alike


def _report(text: str, place: str = "", on: date | None = None) -> Report:
    found = category(text)
    return Report(text=text, place=place, on=on, category=found.value if found else "")


SAME = [
    (
        "德外大街北口路灯坏了三盏",
        "德外大街北口",
        "德外大街北口的路灯不亮，走路都看不见",
        "德外大街北口",
    ),
    ("工地半夜施工吵死了", "西直门内大街", "西直门内大街那个工地天天半夜打混凝土", "西直门内大街"),
    ("3号楼电梯又坏了", "幸福家园3号楼", "幸福家园三号楼的电梯停了三天", "幸福家园三号楼"),
    ("育新小学门口小吃摊占道", "育新小学门口", "放学的时候全是摆摊的，车过不去", "育新小学门口"),
    ("好多死鱼，臭", "护城河边", "护城河里漂着死鱼，永定门桥那段", "护城河永定门桥"),
    ("烧烤摊半夜放音响", "金桂花园北门", "那家烧烤太吵了，凌晨一点还在放歌", "金桂花园北门"),
    ("暖气不热，屋里十三度", "和平里七区16号楼", "全楼暖气冰凉", "和平里七区十六号楼"),
]
OTHER = [
    ("幸福家园路灯坏了三盏没人修", "幸福家园", "和平里六区路灯坏了两盏没人修", "和平里六区"),
    ("我们小区停水两天了", "", "翠湖苑停水两天了没人管", "翠湖苑"),
    ("工地半夜施工吵死了", "西直门内大街", "工地半夜施工吵死了", "东直门外大街"),
    ("有人占道卖水果", "西直门内大街", "那个工地天天半夜施工", "西直门内大街"),
    ("3号楼电梯又坏了", "幸福家园3号楼", "垃圾没人清", "幸福家园"),
    ("物业乱收停车费", "金桂花园", "那家烧烤太吵了，凌晨一点还在放歌", "金桂花园北门"),
    ("公司拖欠工资三个月不发", "", "老板欠我工资两个月", ""),
    ("12路公交车等了四十分钟不来", "", "12路公交司机甩站", ""),
    ("暖气不热，屋里十三度", "和平里七区16号楼", "暖气不热", "和平里九区3号楼"),
]


@pytest.mark.parametrize(("one", "here", "other", "there"), SAME)
def test_the_same_trouble_at_the_same_place_is_a_repeat(
    one: str, here: str, other: str, there: str
) -> None:
    found = likeness(_report(one, here), _report(other, there))
    assert found.is_likely
    assert found.same_place >= 0.5


@pytest.mark.parametrize(("one", "here", "other", "there"), OTHER)
def test_another_place_or_another_matter_is_none(
    one: str, here: str, other: str, there: str
) -> None:
    assert not likeness(_report(one, here), _report(other, there)).is_likely


def test_which_of_the_two_came_first_does_not_matter() -> None:
    for one, here, other, there in (*SAME, *OTHER):
        first, second = _report(one, here), _report(other, there)
        assert likeness(first, second) == likeness(second, first)


def test_a_report_of_long_ago_is_less_likely_the_same() -> None:
    text, place = "路灯坏了没人修", "德外大街北口"
    new = _report(text, place, date(2026, 3, 18))
    near = likeness(new, _report("路灯不亮", place, date(2026, 3, 15)))
    far = likeness(new, _report("路灯不亮", place, date(2024, 3, 15)))
    assert near.probability > far.probability
    assert near.days_apart == 3


def test_what_says_so_is_told() -> None:
    found = likeness(_report("路灯坏了", "德外大街北口"), _report("路灯不亮", "德外大街北口"))
    assert found.same_place == 1
    assert found.same_category
    assert found.days_apart is None


def test_of_several_the_likeliest_come_first_and_the_unlikely_not_at_all() -> None:
    new = _report("德外大街北口路灯坏了三盏，晚上黑漆漆的", "德外大街北口")
    found = most_alike(
        new,
        [
            ("elsewhere", _report("路灯坏了三盏", "和平里六区")),
            ("near", _report("德外大街路灯不亮", "德外大街")),
            ("copy", _report("德外大街北口路灯坏了三盏，晚上黑漆漆的", "德外大街北口")),
        ],
    )
    assert [key for key, _ in found] == ["copy", "near"]


def test_nothing_told_is_like_nothing() -> None:
    assert not likeness(Report(text=""), Report(text="")).is_likely
    assert most_alike(Report(text="路灯坏了"), []) == []
