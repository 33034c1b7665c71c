from __future__ import annotations

from pathlib import Path

import pytest

from kb_index.embedded import EmbeddedIndex
from kb_index.evaluate import evaluate
from kb_index.finding import Finder
from tests.kb_index.town import NOW, TOWN, an_article


@pytest.fixture
def finder(tmp_path: Path) -> Finder:
    index = EmbeddedIndex(tmp_path / "index")
    index.write([an_article(external_id, hotlines=("96105",)) for external_id in TOWN])
    return Finder(index, None)


def test_the_figures_have_their_names(finder: Finder) -> None:
    figures = evaluate(
        finder,
        [
            {"query": "居住证怎么办理", "entries": ["residence"]},
            {"query": "结婚登记需要带什么", "entries": ["passport"]},
            {"query": "怎么办理", "entries": []},
            {"query": "养犬登记去哪里办", "entries": []},
        ],
        now=NOW,
    )
    assert list(figures) == [
        "n",
        "recall_at_1",
        "recall_at_3",
        "recall_at_10",
        "mrr",
        "answered_right",
        "menu_hit",
        "answered_wrong",
        "abstained_right",
        "p50_ms",
        "p99_ms",
    ]
    assert figures["n"] == 4
    assert figures["recall_at_1"] == 0.5
    assert figures["answered_right"] == 0.5
    assert figures["menu_hit"] == 0.0
    assert figures["answered_wrong"] == 0.5  # of all: the second and the fourth
    assert figures["abstained_right"] == 0.5


def test_a_hotline_that_is_named_sees_its_own_entries_only(finder: Finder) -> None:
    lines = [{"query": "居住证怎么办理", "entries": ["residence"]}]
    assert evaluate(finder, lines, hotline="96105", now=NOW)["recall_at_1"] == 1.0
    assert evaluate(finder, lines, hotline="12341", now=NOW)["recall_at_1"] == 0.0


def test_a_share_of_nothing_is_null(finder: Finder) -> None:
    figures = evaluate(finder, [], now=NOW)
    assert figures["n"] == 0
    assert figures["recall_at_1"] is None
    assert figures["p99_ms"] is None


def test_what_is_asked_back_about_is_one_tap_away(tmp_path: Path) -> None:
    index = EmbeddedIndex(tmp_path / "index")
    index.write(
        [
            an_article("local", question="本市户籍老人怎么申领优待证"),
            an_article("else", question="外地户籍老人怎么申领优待证"),
        ]
    )
    lines = [
        {"query": "老人优待证怎么申领", "entries": ["else"]},
        {"query": "老人优待证怎么申领", "entries": ["residence"]},
    ]
    figures = evaluate(Finder(index, None), lines, now=NOW)
    assert figures["menu_hit"] == 0.5
    assert figures["answered_wrong"] == 0.0
