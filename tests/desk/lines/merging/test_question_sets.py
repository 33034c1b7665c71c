"""Two question sets become one; where they contradict each other both questions are kept."""

from __future__ import annotations

import pytest
from django.utils import timezone

from desk.cases.actors import SYSTEM
from desk.lines.merging import question_sets
from desk.lines.merging.kinds import Lines
from desk.people.models import Hotline
from desk.quality.judging import Change, Verdict
from desk.quality.models import Question, Result, Run, RunState

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(district: Hotline, city: Hotline) -> Lines:
    return Lines(district, city)


def ask(line: Hotline, text: str, expected: str, **more: bool) -> Question:
    return Question.objects.create(
        hotline=line, text=text, expected=expected, changed_at=timezone.now(), **more
    )


def result(run: Run, question: Question) -> Result:
    return Result.objects.create(
        run=run,
        question=question,
        text=question.text,
        guarded=True,
        outcome="answered",
        verdict=Verdict.RIGHT,
        change=Change.SAME,
        worse=False,
        to_look_at=False,
    )


def move(lines: Lines) -> None:
    while question_sets.move(lines, SYSTEM, timezone.now()):
        pass


def test_a_question_goes_along_with_what_it_expects(lines: Lines) -> None:
    ask(lines.source, "回龙观食堂", "CP-2")
    move(lines)
    question = Question.objects.get()
    assert (question.hotline, question.expected) == (lines.into, "CP-2")
    assert Run.objects.filter(state=RunState.WAITING).exists()


def test_the_same_question_with_the_same_answer_is_one_with_both_pasts(lines: Lines) -> None:
    twin = ask(lines.into, "暖气不热", "BJ-5", guarded=False)
    ours = ask(lines.source, "暖气不热", "BJ-5", guarded=True)
    runs = [
        Run.objects.create(state=RunState.DONE, wanted_at=timezone.now(), touched_at=timezone.now())
        for _number in range(2)
    ]
    kept = result(runs[0], twin)
    result(runs[0], ours)
    moved = result(runs[1], ours)
    move(lines)
    twin.refresh_from_db()
    assert Question.objects.get() == twin
    assert twin.guarded
    assert set(Result.objects.all()) == {kept, moved}


def test_the_same_question_with_another_answer_is_told_and_kept_beside(lines: Lines) -> None:
    theirs = ask(lines.into, "居住证在哪里办", "BJ-4")
    ask(lines.source, "居住证在哪里办", "CP-4")
    [conflict] = question_sets.look(lines).conflicts
    assert "CP-4" in conflict
    assert "BJ-4" in conflict
    move(lines)
    theirs.refresh_from_db()
    assert (theirs.text, theirs.expected) == ("居住证在哪里办", "BJ-4")
    ours = Question.objects.exclude(pk=theirs.pk).get()
    assert (ours.text, ours.expected) == ("居住证在哪里办（昌平区）", "CP-4")
