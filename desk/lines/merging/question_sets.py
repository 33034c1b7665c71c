"""The line's question set. What the other line asks and expects alike becomes one question; where
it expects another entry both are kept, the merged line's with its district's name.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.cases.actors import Actor
from desk.lines.merging.kinds import BATCH, EXAMPLES, Findings, Kind, Lines
from desk.quality.models import Cause, Question, Result
from desk.quality.runs import want_run
from desk.quality.set_editing import LONGEST


def look(lines: Lines) -> Findings:
    rows = Question.objects.filter(hotline=lines.source)
    twins = _twins(lines, list(rows))
    alike = sum(question.expected == twin.expected for question, twin in twins)
    return Findings(
        count=rows.count(),
        parts=[(_("the same question with the same answer in both lines"), alike)],
        examples=list(rows.values_list("text", flat=True)[:EXAMPLES]),
        conflicts=[
            _("“%(question)s”: %(one)s here, %(other)s there")
            % {
                "question": question.text,
                "one": question.expected or _("no answer"),
                "other": twin.expected or _("no answer"),
            }
            for question, twin in twins
            if question.expected != twin.expected
        ],
    )


def move(lines: Lines, actor: Actor, at: datetime) -> int:
    rows = Question.objects.select_for_update().filter(hotline=lines.source).order_by("pk")
    batch = list(rows[:BATCH])
    twins = {question.pk: twin for question, twin in _twins(lines, batch)}
    for question in batch:
        twin = twins.get(question.pk)
        if twin is not None and twin.expected == question.expected:
            _into_one(question, twin, at)
            continue
        if twin is not None:
            question.text = _of_its_district(question.text, lines)
        question.hotline = lines.into
        question.revision += 1
        question.changed_by, question.changed_at = actor.user, at
        question.save()
    if batch:
        want_run(Cause.QUESTIONS, at)
    return len(batch)


def _twins(lines: Lines, questions: list[Question]) -> list[tuple[Question, Question]]:
    texts = [question.text for question in questions]
    there = {
        twin.text: twin
        for begin in range(0, len(texts), BATCH)
        for twin in Question.objects.filter(
            hotline=lines.into, text__in=texts[begin : begin + BATCH]
        )
    }
    return [(question, there[question.text]) for question in questions if question.text in there]


def _into_one(question: Question, twin: Question, at: datetime) -> None:
    """What runs found of either stays; where a run asked both, the other line's result does."""
    if question.guarded and not twin.guarded:
        twin.guarded, twin.changed_at = True, at
        twin.revision += 1
        twin.save(update_fields=["guarded", "changed_at", "revision"])
    asked = Result.objects.filter(question=twin).values("run")
    Result.objects.filter(question=question).exclude(run__in=asked).update(question=twin)
    question.delete()


def _of_its_district(text: str, lines: Lines) -> str:
    base = f"（{lines.source.district or lines.source.name or lines.source.pk}）"
    ending, number = base, 1
    while True:
        renamed = text[: LONGEST - len(ending)] + ending
        if not Question.objects.filter(
            hotline__in=[lines.source, lines.into], text=renamed
        ).exists():
            return renamed
        number += 1
        ending = f"{base[:-1]} {number}）"


KIND = Kind("questions", gettext_lazy("Question set"), look, move)
