"""With the real index and the real reader: what the city publishes is what the bot says."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from actions.decide import decide, open_library
from actions.intake_reader import DEPARTMENTS, IntakeReader
from actions.library import Library
from actions.protocol import Stage, Status, Turn
from kb_index.article import Article
from kb_index.opening import open_index
from tests.actions.a_talk import options_of

NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
ARTICLES = (
    Article(
        external_id="card",
        question="社会保障卡丢失了怎么补办",
        similar_questions=("社保卡丢了去哪补",),
        answer="带身份证到社保服务网点补办。",
        department="人力社保局",
    ),
    Article(
        external_id="heat",
        question="暖气不热怎么报修",
        answer="先联系供热单位。",
        department="城管委",
        hotlines=("96181",),
    ),
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    index = open_index(tmp_path)
    index.write(ARTICLES)
    index.close()
    return tmp_path


@pytest.fixture
def city(home: Path) -> Library:
    return open_library(home, "", "none")


def a_turn(text: str, hotline: str = "12341") -> Turn:
    return Turn(id="m1", text=text, hotline=hotline, channel="webchat", now=NOW)


def test_a_published_entry_is_answered(city: Library) -> None:
    decision = decide("ask", a_turn("社保卡丢了去哪补"), city)
    assert decision.status is Status.ANSWERED
    assert decision.replies[0].entry == "card"
    assert decision.replies[0].text == "带身份证到社保服务网点补办。\n\n——人力社保局"


def test_an_entry_of_another_hotline_is_not(city: Library) -> None:
    assert decide("ask", a_turn("暖气不热怎么报修"), city).status is not Status.ANSWERED
    assert decide("ask", a_turn("暖气不热怎么报修", "96181"), city).status is Status.ANSWERED


def test_what_nobody_published_is_not_answered(city: Library) -> None:
    decision = decide("ask", a_turn("怎么给猫咪剪指甲"), city)
    assert decision.status is Status.NO_ARTICLE
    assert options_of(decision) == ["complain", "agent"]


def test_a_complaint_is_read_by_intake(city: Library) -> None:
    text = "昨晚十一点多，槐树胡同12号院门口的工地还在打混凝土，吵得睡不着"
    decision = decide("complain", a_turn(text), city)
    assert decision.status is Status.READ_BACK
    assert decision.draft
    assert decision.draft.stage is Stage.CONFIRMING
    assert "槐树胡同12号" in decision.draft.fields["place"].value
    assert decision.draft.fields["time"].value == "2026-11-23T23"
    assert decision.draft.fields["kind"].value == "complaint"
    evidence = decision.draft.fields["place"].evidence
    assert evidence
    assert text[evidence.start : evidence.end] == decision.draft.fields["place"].value


def test_departments_are_known_as_soon_as_the_desk_writes_them(tmp_path: Path) -> None:
    reader = IntakeReader(tmp_path)
    text = "和平路的路灯坏了三天，晚上黑漆漆的"
    assert "department" not in reader.read(text, NOW)
    rows = [{"name": "市城市照明中心", "purpose": "路灯维护", "handles": ["路灯坏了", "路灯不亮"]}]
    (tmp_path / DEPARTMENTS).write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    assert reader.read(text, NOW)["department"].value == "市城市照明中心"


def test_departments_that_cannot_be_read_stop_no_complaint(tmp_path: Path) -> None:
    (tmp_path / DEPARTMENTS).write_text("{", encoding="utf-8")
    os.utime(tmp_path / DEPARTMENTS, (1, 1))
    assert "category" in IntakeReader(tmp_path).read("和平路的路灯坏了三天", NOW)
