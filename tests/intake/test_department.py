"""A directory alone is enough to say whose business a text is."""

import pytest

from intake.department import Department, Directory, department

DIRECTORY = Directory(
    [
        ("水务局", "负责供水和排水", ["停水", "水压低", "水管爆裂", "下水道堵塞"]),
        ("城管执法局", "查处街面秩序问题", ["占道经营", "违法建设", "夜间施工噪声", "小广告"]),
        ("人力社保局", "负责劳动保障监察", ["拖欠工资", "劳动合同纠纷", "社保缴费"]),
        Department(name="交管局", handles=("违法停车",), categories=("交通出行/交通违法",)),
    ]
)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("水务局", "我们楼停水两天了，水管好像爆裂了"),
        ("城管执法局", "路口有人占道经营卖水果"),
        ("人力社保局", "老板拖欠工资三个月"),
    ],
)
def test_the_department_that_handles_it_is_found(expected: str, text: str) -> None:
    found = department(text, DIRECTORY)
    assert found is not None
    assert found.value == expected
    assert not found.has_evidence


def test_a_known_category_points_to_its_department() -> None:
    assert department("门前那辆车又来了", DIRECTORY) is None
    found = department("门前那辆车又来了", DIRECTORY, "交通出行/交通违法")
    assert found is not None
    assert found.value == "交管局"


def test_nobodys_business_is_nobodys() -> None:
    assert department("今天天气真好", DIRECTORY) is None
    assert department("停水了", Directory([])) is None
