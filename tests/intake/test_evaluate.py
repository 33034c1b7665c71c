"""The figures are counted as the contract says: an invented value is as wrong as a missed one."""

from typing import Any

import pytest

from intake.department import Directory
from intake.evaluate import evaluate_prefill, evaluate_triage, matches


def _line(text: str, **fields: str) -> dict[str, Any]:
    return {"text": text, "now": "2026-03-18T09:30", "fields": fields}


def test_a_message_that_is_read_right_counts_in_full() -> None:
    result = evaluate_prefill(
        [
            _line(
                "我要投诉，昨晚11点天通苑北一区15号楼还在装修，我叫周建平，13522223333",
                place="天通苑北一区15号楼",
                time="2026-03-17T23",
                name="周建平",
                phone="135 2222 3333",
                kind="complaint",
            ),
            _line("你好"),
        ]
    )
    assert result["n"] == 2
    assert list(result) == ["n", "place", "time", "name", "phone", "kind"]
    for field in ("place", "time", "name", "phone", "kind"):
        assert result[field] == {"precision": 1.0, "recall": 1.0, "f1": 1.0}


def test_a_value_that_should_not_be_there_costs_precision() -> None:
    result = evaluate_prefill([_line("我叫周建平"), _line("我叫李建国", name="李建国")])
    assert result["name"] == {"precision": 0.5, "recall": 1.0, "f1": 0.6667}


def test_a_value_that_is_missed_costs_recall() -> None:
    result = evaluate_prefill([_line("有点事", phone="13800138000")])
    assert result["phone"] == {"precision": 0.0, "recall": 0.0, "f1": 0.0}


@pytest.mark.parametrize(
    ("field", "wanted", "given", "counts"),
    [
        ("place", "知春路48号", "海淀区知春路48号", True),
        ("place", "知春路48号", "北京市海淀区知春路48号", False),
        ("place", "海淀区知春路48号", "知春路48号", False),
        ("time", "2026-03-17", "2026-03-17T23", True),
        ("time", "2026-03-17T23", "2026-03-17", False),
        ("phone", "010-68012345", "01068012345", True),
        ("phone", "+86 13800138000", "13800138000", True),
        ("name", "李建国", "李", False),
        ("kind", "complaint", "complaint", True),
    ],
)
def test_a_field_matches_as_the_contract_says(
    field: str, wanted: str, given: str, counts: bool
) -> None:
    assert matches(field, wanted, given) is counts


def test_triage_counts_only_the_keys_that_a_line_has() -> None:
    directory = Directory([("水务局", "", ["停水", "水管爆裂"])])
    result = evaluate_triage(
        [
            {"text": "我们楼停水了", "category": "市政公用/供水", "department": "水务局"},
            {"text": "暖气一点都不热", "category": "市政公用"},
            {"text": "你好", "category": "市政公用/供水"},
        ],
        directory=directory,
    )
    assert result["n"] == 3
    assert result["category"]["accuracy"] == 0.6667
    assert result["department"] == {"accuracy": 1.0, "macro_f1": 1.0}
    assert "kind" not in result
