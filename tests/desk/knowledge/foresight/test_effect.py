"""Before publishing an editor sees what it changes for those who ask."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from desk.conversations.models import Message
from desk.knowledge.foresight.asked import asked_lately
from desk.knowledge.foresight.effect import Effect, Kind, effect_of
from desk.knowledge.models import Entry
from desk.knowledge.publishing import publish
from desk.people.models import User
from desk.quality.models import Question
from kb_index.finding import Finder
from tests.desk.knowledge.conftest import PHONE, STREET_LAMP, an_entry, index_all

type Say = Callable[..., Message]

pytestmark = pytest.mark.usefixtures("published")


def effect(entry: Entry) -> Effect:
    return effect_of(entry.external_id, entry.to_article(), timezone.now())


def lines(found: Effect, kind: Kind) -> list[tuple[str, str, str]]:
    [group] = [group for group in found.groups if group.kind is kind]
    return [(line.text, line.before, line.after) for line in group.lines]


def test_a_question_without_an_answer_gets_this_one(said: Say) -> None:
    said("共享单车乱停找谁", 3)
    new = an_entry(
        external_id="KB-9", question="共享单车乱停找谁", similar_questions=[], answer="城管"
    )
    found = effect(new)
    assert lines(found, Kind.NEW) == [("共享单车乱停找谁", "没有答案", "《共享单车乱停找谁》")]
    assert found.changes == 1
    assert not Entry.objects.filter(external_id="KB-9").exists()


def test_a_question_that_loses_its_answer_is_shown(said: Say) -> None:
    said("我们这条街路灯坏了", 2, entry="KB-2")
    other = an_entry(
        external_id="KB-2", question="共享单车乱停找谁", similar_questions=[], answer="城管"
    )
    assert lines(effect(other), Kind.LOST) == [
        ("我们这条街路灯坏了", "《路灯不亮向谁反映》", "没有答案")
    ]


def test_two_entries_that_say_the_same_collide(said: Say) -> None:
    said("路灯不亮找谁修", entry="KB-2")
    twin = an_entry(**STREET_LAMP | {"external_id": "KB-9"})
    [(text, before, after)] = lines(effect(twin), Kind.COLLIDES)
    assert (text, before) == ("路灯不亮找谁修", "《路灯不亮向谁反映》")
    assert "路灯不亮向谁反映" in after


def test_what_has_nothing_to_do_with_it_is_not_asked(said: Say) -> None:
    said("路灯不亮找谁修", entry="KB-2")
    said("地铁末班车几点")
    found = effect(an_entry(answer="半小时内联系您。"))
    assert (found.known, found.asked, found.changes) == (2, 0, 0)


def test_the_most_asked_stand_first_and_the_rest_is_counted(said: Say) -> None:
    texts = [f"共享单车乱停{word}" for word in ("找谁", "谁管", "投诉", "举报", "怎么反映", "占路")]
    for times, text in enumerate(texts, start=1):
        said(text, times)
    new = an_entry(
        external_id="KB-9", question=texts[0], similar_questions=texts[1:], answer="城管"
    )
    [group] = [group for group in effect(new).groups if group.kind is Kind.NEW]
    assert (group.number, group.times) == (6, 21)
    assert [line.times for line in group.lines] == [6, 5, 4, 3]


def test_it_comes_true(said: Say, finder: Finder, reviewer: User) -> None:
    said("热力公司电话多少", entry="KB-3")
    changed = an_entry(**PHONE | {"question": "共享单车乱停找谁", "similar_questions": []})
    found = effect(changed)
    stored = Entry.objects.get(external_id="KB-3")
    stored.question, stored.similar_questions = changed.question, []
    publish(stored, reviewer)
    index_all()
    told = finder.find("热力公司电话多少", hotline="12345", now=timezone.now())
    [(_, _, after)] = [*lines(found, Kind.LOST), *lines(found, Kind.OTHER)]
    names = dict(Entry.objects.values_list("external_id", "question"))
    if not told.hits:
        assert after == "没有答案"
    for hit in told.hits:
        assert names[hit.external_id] in after


def test_a_guarded_question_that_goes_wrong_is_named(
    guarded: Callable[[str, str], Question],
) -> None:
    guarded("暖气片冰凉", "KB-1")
    other = an_entry(question="共享单车乱停找谁", similar_questions=[], answer="城管")
    found = effect(other)
    assert [line.text for line in found.broken] == ["暖气片冰凉"]
    assert effect(an_entry(answer="另一句话")).broken == []


def test_numbers_of_people_are_taken_out_and_old_questions_are_left_out(said: Say) -> None:
    said("我的手机13800138000打不通")
    said("去年问的", at=timezone.now() - timedelta(days=31))
    [asked] = asked_lately(timezone.now())
    assert "13800138000" not in asked.text
    assert asked.text.startswith("我的手机*")
