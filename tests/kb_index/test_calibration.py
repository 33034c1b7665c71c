"""How a knowledge base learns when to answer. On both engines."""

from __future__ import annotations

from kb_index.article import Article
from kb_index.calibration import STANDARD
from kb_index.decision import Outcome
from kb_index.finding import Finder
from kb_index.index import Index
from kb_index.notes import Notes
from kb_index.rehearsal import questions_without_answer
from tests.kb_index.encoders import Letters
from tests.kb_index.town import NOW, an_article

PLACES = ["朝阳", "海淀", "通州", "昌平", "房山", "大兴", "顺义", "怀柔", "密云", "延庆"]
THINGS = ["居住证", "养老补贴", "公共厕所", "幼儿园", "图书馆", "体育馆", "充电桩", "菜市场"]


def a_city() -> list[Article]:
    """Eighty entries, each asked by two more questions."""
    return [
        an_article(
            f"{place}-{thing}",
            question=f"{place}区{thing}在哪里",
            similar_questions=(f"{place}哪儿有{thing}", f"{thing}，{place}这边的，地址给一下"),
            answer=f"{place}区{thing}的地址请看官网。",
        )
        for place in PLACES
        for thing in THINGS
    ]


def test_a_new_index_decides_by_the_standard(index: Index) -> None:
    assert Finder(index, Letters()).calibration == STANDARD


def test_a_city_with_similar_questions_learns_from_them_and_says_what_it_reaches(
    index: Index,
) -> None:
    index.write(a_city())
    finder = Finder(index, Letters())
    finder.prepare()
    calibration = finder.calibration
    assert calibration.asked == 160
    assert calibration.unknown > 300
    assert calibration.entries == 80
    assert calibration.meaning.scale != STANDARD.meaning.scale
    assert calibration.reached is not None
    assert calibration.reached.answered_right + calibration.reached.menu_hit > 0.9
    assert calibration.reached.answered_wrong <= 0.03
    assert calibration.reached.abstained_right >= 0.95


def test_a_city_without_similar_questions_keeps_the_standard_weights(
    index: Index, town: list[Article]
) -> None:
    index.write(town)
    finder = Finder(index, Letters())
    finder.prepare()
    calibration = finder.calibration
    assert calibration.asked == 0
    assert calibration.meaning.scale == STANDARD.meaning.scale
    assert calibration.meaning.answer >= STANDARD.meaning.answer


def test_what_was_learned_is_kept_with_the_index(index: Index) -> None:
    index.write(a_city())
    one = Finder(index, Letters())
    one.prepare()
    assert Finder(index, Letters()).calibration == one.calibration


def test_it_is_learned_anew_for_a_new_generation_and_not_for_a_small_change(index: Index) -> None:
    index.write(a_city())
    finder = Finder(index, Letters())
    finder.prepare()
    before = finder.calibration
    index.write([an_article("etc", question="高速ETC怎么注销")])
    finder.prepare()
    assert finder.calibration == before
    generation = index.new_generation()
    generation.write(a_city()[:40])
    generation.go_live()
    finder.prepare()
    assert finder.calibration.entries == 40


def test_nobodys_questions_are_many_and_none_is_answered_by_a_city(index: Index) -> None:
    index.write(a_city())
    finder = Finder(index, None)
    finder.prepare()
    asked = questions_without_answer()
    assert len(set(asked)) == len(asked) > 300
    found = [finder.find(text, hotline="12341", now=NOW).outcome for text in asked]
    assert found.count(Outcome.ANSWERED) <= 0.01 * len(asked)


def test_one_process_learns_for_a_generation_unless_it_dies(index: Index) -> None:
    index.write([an_article()])
    one, another = Notes(index), Notes(index)
    assert one.claim_calibrating("gen-1", 1000.0)
    assert not another.claim_calibrating("gen-1", 1200.0)
    assert another.claim_calibrating("gen-2", 1200.0)
    assert another.claim_calibrating("gen-2", 1600.0)
