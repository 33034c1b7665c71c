"""Every write of a question of the set, from the form and from a file alike."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from desk.knowledge.models import Entry
from desk.people.models import User
from desk.people.rights import of_own_hotlines
from desk.quality.models import Cause, Question
from desk.quality.runs import want_run

LONGEST = 200
MOST = 2000  # at twenty a second a run still takes two minutes


class Problem(StrEnum):
    """Why a question cannot be kept."""

    NO_TEXT = "no_text"
    TOO_LONG = "too_long"
    NO_HOTLINE = "no_hotline"  # unknown, or not one of the editor's
    NO_ENTRY = "no_entry"
    UNCLEAR = "unclear"  # neither yes nor no
    TWICE = "twice"
    TOO_MANY = "too_many"
    CHANGED = "changed"  # by somebody else, since it was read
    GONE = "gone"


class NotKept(Exception):
    """The set stays as it was."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True)
class Wanted:
    """A question as somebody wants it in the set."""

    text: str
    hotline: str
    expected: str = ""
    guarded: bool = True


def problem_of(
    wanted: Wanted, *, hotlines: Collection[str], entries: Collection[str]
) -> Problem | None:
    """`entries`: those external ids of the wanted ones that there are."""
    if not wanted.text:
        return Problem.NO_TEXT
    if len(wanted.text) > LONGEST:
        return Problem.TOO_LONG
    if wanted.hotline not in hotlines:
        return Problem.NO_HOTLINE
    if wanted.expected and wanted.expected not in entries:
        return Problem.NO_ENTRY
    return None


def entry_ids(named: Iterable[str]) -> dict[str, str]:
    """The external id that each name means: an id itself, or a standard question word for word."""
    names = {name for name in named if name}
    found: dict[str, str] = {}
    for chunk in _chunks(sorted(names)):
        by_question: dict[str, str] = dict(
            Entry.objects.filter(question__in=chunk)
            .order_by("-id")
            .values_list("question", "external_id")
        )
        by_id = Entry.objects.filter(external_id__in=chunk).values_list("external_id", flat=True)
        found |= by_question | {name: name for name in by_id}
    return found


def own_questions(user: User) -> QuerySet[Question]:
    return of_own_hotlines(Question.objects.all(), user)


def add_question(wanted: Wanted, *, by: User, at: datetime) -> Question:
    """Raises `NotKept`. The caller has asked `problem_of`."""
    if Question.objects.count() >= MOST:
        raise NotKept(Problem.TOO_MANY)
    try:
        with transaction.atomic():
            question = Question.objects.create(
                text=wanted.text,
                hotline_id=wanted.hotline,
                expected=wanted.expected,
                guarded=wanted.guarded,
                changed_by=by,
                changed_at=at,
            )
            want_run(Cause.QUESTIONS, at)
    except IntegrityError:
        raise NotKept(Problem.TWICE) from None
    return question


def change_question(number: int, wanted: Wanted, *, revision: int, by: User, at: datetime) -> None:
    """`revision` is the one that the editor has read. Raises `NotKept`."""
    mine = own_questions(by).filter(pk=number)
    try:
        with transaction.atomic():
            changed = mine.filter(revision=revision).update(
                text=wanted.text,
                hotline_id=wanted.hotline,
                expected=wanted.expected,
                guarded=wanted.guarded,
                revision=F("revision") + 1,
                changed_by=by,
                changed_at=at,
            )
            if not changed:
                raise NotKept(Problem.CHANGED if mine.exists() else Problem.GONE)
            want_run(Cause.QUESTIONS, at)
    except IntegrityError:
        raise NotKept(Problem.TWICE) from None


def remove_question(number: int, *, by: User) -> None:
    """Removing twice is once."""
    own_questions(by).filter(pk=number).delete()


def write_all(wanted: Sequence[Wanted], *, by: User, at: datetime) -> tuple[int, int]:
    """Of a file: new ones, and those whose expectation or guard is another. Nothing is removed.

    The caller has checked every row. Raises `NotKept` when the set would grow too large.
    """
    try:
        return _write_all(wanted, by, at)
    except IntegrityError:
        # Another file brought one of these in the same moment: now it is there to be compared.
        return _write_all(wanted, by, at)


@transaction.atomic
def _write_all(wanted: Sequence[Wanted], by: User, at: datetime) -> tuple[int, int]:
    known = {
        (question.hotline_id, question.text): question
        for question in Question.objects.select_for_update()
    }
    new, changed = [], []
    for one in wanted:
        there = known.get((one.hotline, one.text))
        if there is None:
            new.append(_row(one, by, at))
        elif (there.expected, there.guarded) != (one.expected, one.guarded):
            there.expected, there.guarded = one.expected, one.guarded
            there.revision += 1
            there.changed_by, there.changed_at = by, at
            changed.append(there)
    if len(known) + len(new) > MOST:
        raise NotKept(Problem.TOO_MANY)
    Question.objects.bulk_create(new, batch_size=200)
    fields = ["expected", "guarded", "revision", "changed_by", "changed_at"]
    Question.objects.bulk_update(changed, fields, batch_size=200)
    if new or changed:
        want_run(Cause.QUESTIONS, at)
    return len(new), len(changed)


def _row(wanted: Wanted, by: User, at: datetime) -> Question:
    return Question(
        text=wanted.text,
        hotline_id=wanted.hotline,
        expected=wanted.expected,
        guarded=wanted.guarded,
        changed_by=by,
        changed_at=at,
    )


def _chunks(names: Sequence[str], size: int = 400) -> Iterable[Sequence[str]]:
    return (names[begin : begin + size] for begin in range(0, len(names), size))
