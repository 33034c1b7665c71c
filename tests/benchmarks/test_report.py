import math
from collections import Counter

import pytest

from benchmarks import report
from benchmarks.counts import Counts, counts_in
from benchmarks.measuring import OURSELVES, Level
from benchmarks.table import Table


def a_level(**differently: object) -> Level:
    values: dict[str, object] = {
        "citizens": 16,
        "seconds": 2.0,
        "milliseconds": [float(number) for number in range(1, 101)],
        "answered_right": 75,
        "faults": Counter(),
        "load": "0.5 on 2 cores",
        "cpu": {"rasa": 4.0, "worker": 6.0, OURSELVES: 1.0},
        "counts": Counts(encoder_calls=25, encoder_cache_hits=5),
    }
    return Level(**(values | differently))  # type: ignore[arg-type]


def test_the_table_tells_speed_and_what_the_caches_did() -> None:
    speed, *_ = report.tables({"whole path": [a_level()]}, {})
    row = dict(zip(speed.columns, speed.rows[0], strict=True))
    assert row["messages/s"] == "50.0"
    assert row["p50 ms"] == "51.0"
    assert row["p99 ms"] == "100.0"
    assert row["with its entry"] == "75%"
    assert row["encoder calls"] == "0.250"
    assert row["cache hits"] == "0.050"
    assert row["load"] == "0.5 on 2 cores"


def test_the_load_generators_cost_is_not_in_the_sum() -> None:
    _, cost, *_ = report.tables({"whole path": [a_level()]}, {})
    row = dict(zip(cost.columns, cost.rows[0], strict=True))
    assert row["together"] == "10.0"
    assert row[OURSELVES] == "1.0"


def test_a_level_without_any_answer_is_a_row_too() -> None:
    silent = a_level(milliseconds=[], answered_right=0, faults=Counter({"TimeoutError": 3}))
    speed, *_ = report.tables({"whole path": [silent]}, {})
    row = dict(zip(speed.columns, speed.rows[0], strict=True))
    assert (row["messages"], row["not in time"], row["p50 ms"]) == ("0", "3", "nan")
    assert math.isnan(silent.percentile(0.99))
    assert list(report.faults({"whole path": [silent]})) == [
        "whole path, 16 citizens: 3 × TimeoutError"
    ]


def test_columns_stand_under_each_other_also_with_chinese() -> None:
    table = Table("题目", ("甲", "b"))
    table.add(("居住证", 1.25))
    table.add(("ab", 12))
    title, *lines = table.text().splitlines()
    assert title == "题目"
    assert lines == ["甲        b", "------  ---", "居住证  1.2", "ab       12"]


def test_a_row_must_fill_the_table() -> None:
    with pytest.raises(ValueError, match="2 values for 1 columns"):
        Table("t", ("a",)).add((1, 2))


def test_the_products_own_counts_are_read_from_its_metrics() -> None:
    metrics = (
        "# TYPE qianmen_searches_total counter\n"
        'qianmen_searches_total{outcome="answered"} 7.0\n'
        'qianmen_searches_total{outcome="menu"} 2.0\n'
        "# TYPE qianmen_encoder_calls_total counter\n"
        "qianmen_encoder_calls_total 4.0\n"
    )
    assert counts_in(metrics) == Counts(searches=9, encoder_calls=4, encoder_cache_hits=0)
