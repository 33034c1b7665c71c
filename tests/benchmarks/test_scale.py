from __future__ import annotations

from xml.etree import ElementTree

import pytest

from benchmarks.scale.chart import chart
from benchmarks.scale.entries import World
from benchmarks.scale.report import page, tables

ROWS = [
    {
        "engine": engine,
        "entries": entries,
        "p50_ms": 2.5 * entries**0.2,
        "p99_ms": 40.25,
        "cpu_ms": 9.0,
        "encoder": 0.2,
        "first": 0.875,
        "three": 1.0,
        "load": 0.5,
        "build_s": 3.0,
        "vectors_s": 4.0,
        "build_mb": 80.0,
        "prepare_mb": 90.0,
        "search_mb": 100.0,
        "search_server_mb": float("nan"),
        "disk_mb": entries / 1000,
        "vectors_mb": entries / 400,
    }
    for engine in ("embedded", "elasticsearch")
    for entries in (1_000, 10_000)
]


@pytest.fixture(scope="module")
def world() -> World:
    return World()


def test_a_million_entries_can_be_made(world: World) -> None:
    assert world.size >= 1_000_000
    with pytest.raises(ValueError, match="different"):
        world.articles(world.size + 1)


def test_no_two_entries_are_the_same(world: World) -> None:
    made = list(world.articles(5_000))
    assert len({one.external_id for one in made}) == len({one.question for one in made}) == 5_000


def test_an_entry_is_asked_for_by_what_it_does_not_say(world: World) -> None:
    asked = world.questions(5_000, 200)
    held = {
        text for one in world.articles(5_000) for text in (one.question, *one.similar_questions)
    }
    assert len({one.text for one in asked}) == 200
    assert not held & {one.text for one in asked}


def test_the_page_is_filled_where_its_marks_are() -> None:
    filled = page("# Scale\n<!-- measured: searched -->\nold\n<!-- end -->\nkept\n", ROWS)
    assert "old" not in filled
    assert "| Elasticsearch | 10,000 |" in filled
    assert ".875" in filled
    assert filled.endswith("kept\n")
    assert page(filled, ROWS) == filled


def test_what_was_not_measured_is_no_number() -> None:
    said = "".join(table.text() for table in tables(ROWS))
    assert "nan" not in said
    assert "swapped" not in said


def test_the_chart_draws_both_engines_in_every_panel() -> None:
    drawn = ElementTree.fromstring(chart(ROWS))  # noqa: S314 - we drew it
    lines = [one.get("class", "") for one in drawn.iter("{http://www.w3.org/2000/svg}polyline")]
    assert sorted(lines) == sorted(2 * ["a", "a dashed", "b", "b dashed"] + ["a", "b"])
    assert "nan" not in chart(ROWS)
