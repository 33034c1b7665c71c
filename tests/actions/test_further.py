"""Further questions of the matter, to tap under an answer."""

from __future__ import annotations

import pytest

from actions.further import SHORT
from actions.knowledge import Found, Question
from tests.actions.a_talk import AnEntry, FakeKnowledge, Talk, options_of

MATTER = AnEntry("matter", "优待证怎么申领", "到社区申领。")
LONG = AnEntry("long", "优待证的全部规定", "字" * (SHORT + 1))
FURTHER = (Question("bus", "优待证能坐哪些公交"), Question("lost", "优待证丢了怎么补"))
RATING = ["useful:matter", "unsolved:matter"]


@pytest.fixture(autouse=True)
def matters(knowledge: FakeKnowledge) -> None:
    for entry in (
        MATTER,
        LONG,
        AnEntry("bus", "优待证能坐哪些公交", "市内公交。"),
        AnEntry("lost", "优待证丢了怎么补", "到社区补。"),
    ):
        knowledge.entries[entry.external_id] = entry
    knowledge.answers["优待证怎么办"] = Found(answer=MATTER, further=FURTHER)
    knowledge.answers["优待证的规定"] = Found(answer=LONG, further=FURTHER)


def test_they_stand_beside_the_rating(talk: Talk) -> None:
    assert options_of(talk("ask", "优待证怎么办")) == [*RATING, "entry:bus", "entry:lost"]


def test_a_tap_answers_and_the_others_stay_within_reach(talk: Talk) -> None:
    talk("ask", "优待证怎么办")
    decision = talk("", choice="entry:bus")
    assert decision.replies[0].entry == "bus"
    assert options_of(decision) == ["useful:bus", "unsolved:bus", "entry:lost"]


def test_a_long_answer_has_none(talk: Talk) -> None:
    assert not [
        o for o in options_of(talk("ask", "优待证的规定")) if o in ("entry:bus", "entry:lost")
    ]


def test_nobody_who_is_telling_a_problem_is_led_away(talk: Talk) -> None:
    talk("complain", "楼下路灯坏了")
    assert "entry:bus" not in options_of(talk("ask", "优待证怎么办"))
