"""What is foreseen of a change is what the index does once it is written. On both engines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from kb_index.article import Article
from kb_index.encoder import Encoder
from kb_index.finding import Finder, Finding
from kb_index.index import Index
from tests.kb_index.encoders import Letters
from tests.kb_index.town import NOW, TOWN, an_article

REWRITTEN = an_article(
    "heating",
    question="供暖季室温不达标怎么申请测温退费",
    similar_questions=("屋里只有十五度", "测温要等几天"),
    answer="供热单位十二小时内上门测温，不达标按天退费。",
    version=2,
)
ADDED = an_article(
    "heating-phone",
    question="供热单位电话是多少",
    similar_questions=("暖气公司的电话", "热力公司怎么联系"),
    answer="拨打供热热线。",
)
RIVAL = an_article("dog-again", question="养犬登记在哪个窗口办", answer="到城管窗口。")
ASKED = (
    *(question for question, _ in TOWN.values()),
    "屋里暖气冰凉的找谁",
    "屋里只有十五度",
    "测温几天能来",
    "暖气公司电话",
    "给狗上个证去什么地方",
    "你好，我住在回龙观，家里暖气不热，找谁测温，谢谢",
    "红烧肉怎么做才好吃",
    "怎么办理",
    "养犬登记在哪个窗口办",
)

type Changes = Mapping[str, Article | None]

CHANGES: list[Changes] = [
    {"heating": REWRITTEN},
    {"heating-phone": ADDED},
    {"heating": None},
    {"dog-again": RIVAL},
    {"heating": REWRITTEN, "heating-phone": ADDED, "dog": None},
]


@pytest.fixture(params=["by words", "by meaning"])
def finder(
    request: pytest.FixtureRequest, index: Index, town: list[Article], tmp_path: Path
) -> Finder:
    index.write(town)
    encoder: Encoder | None = Letters() if request.param == "by meaning" else None
    finder = Finder(index, encoder, vectors=tmp_path / "vectors")
    finder.prepare()
    return finder


def told(finding: Finding) -> tuple[str, str, list[str]]:
    return finding.outcome, finding.reason, sorted(hit.external_id for hit in finding.hits)


def in_place(finder: Finder, changes: Changes) -> None:
    """Written, and as far as a finder is right after: with vectors, thresholds as they were."""
    finder.index.write(
        [one for one in changes.values() if one], [name for name, one in changes.items() if not one]
    )
    if finder._follower is not None:
        finder._follower.catch_up()


@pytest.mark.parametrize("changes", CHANGES, ids=lambda changes: "+".join(changes))
def test_what_is_foreseen_comes_true(finder: Finder, changes: Changes) -> None:
    foresight = finder.foresee(changes)
    foreseen = {one: told(foresight.find(one, hotline="12341", now=NOW)) for one in ASKED}
    before = {one: told(finder.find(one, hotline="12341", now=NOW)) for one in ASKED}
    in_place(finder, changes)
    after = {one: told(finder.find(one, hotline="12341", now=NOW)) for one in ASKED}
    assert foreseen == after
    assert foreseen != before


def test_nothing_is_written(finder: Finder) -> None:
    stamp = finder.index.stamp()
    foresight = finder.foresee({"heating": None, "heating-phone": ADDED})
    assert foresight.find(ADDED.question, hotline="12341", now=NOW).hits
    assert finder.index.stamp() == stamp
    assert finder.index.get("heating") is not None
    assert finder.index.get("heating-phone") is None


def test_a_hotline_s_entry_changes_nothing_for_another_one(finder: Finder) -> None:
    foresight = finder.foresee({"new": an_article("new", question="共享单车乱停", hotlines=("a",))})
    assert foresight.find("共享单车乱停", hotline="a", now=NOW).hits
    assert not foresight.find("共享单车乱停", hotline="b", now=NOW).hits


def test_what_is_not_in_force_yet_is_foreseen_for_the_day_when_it_is(finder: Finder) -> None:
    later = NOW + timedelta(days=30)
    new = an_article("new", question="共享单车乱停找谁", effective_from=later)
    foresight = finder.foresee({"new": new})
    assert not foresight.find("共享单车乱停找谁", hotline="a", now=NOW).hits
    assert foresight.find("共享单车乱停找谁", hotline="a", now=later).hits


def test_the_first_entry_of_an_empty_index_is_foreseen(index: Index) -> None:
    foresight = Finder(index, None).foresee({"residence": an_article()})
    found = foresight.find(TOWN["residence"][0], hotline="a", now=NOW)
    assert [hit.external_id for hit in found.hits] == ["residence"]
