"""What the pages of the set read: questions beside what they were told last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from desk.knowledge.models import Entry
from desk.people.models import User
from desk.people.rights import hotlines_of
from desk.quality.judging import Change, Verdict
from desk.quality.models import Question, Result, Run
from desk.quality.runs import last_run
from desk.quality.set_editing import own_questions


@dataclass(frozen=True)
class Score:
    """A run in figures, of the hotlines that somebody serves."""

    asked: int
    right: int
    offered: int
    watched: int  # the guarded ones
    watched_right: int
    changed: int
    alarms: int


@dataclass(frozen=True)
class Line:
    """A question, with its result in the last run; None when it has not been asked since."""

    question: Question
    result: Result | None


def own_results(user: User, run: Run) -> QuerySet[Result]:
    codes = hotlines_of(user)
    rows = run.results.all()
    return rows if codes is None else rows.filter(question__hotline_id__in=codes)


def score(user: User, run: Run) -> Score:
    changed = ~Q(change__in=[Change.SAME, Change.FIRST])
    found = own_results(user, run).aggregate(
        asked=Count("id"),
        right=Count("id", filter=Q(verdict=Verdict.RIGHT)),
        offered=Count("id", filter=Q(verdict=Verdict.OFFERED)),
        watched=Count("id", filter=Q(guarded=True)),
        watched_right=Count("id", filter=Q(guarded=True, verdict=Verdict.RIGHT)),
        changed=Count("id", filter=changed),
        alarms=Count("id", filter=Q(to_look_at=True)),
    )
    return Score(**found)


def to_look_at(user: User) -> int:
    """For the badge: what the last finished run found."""
    run = last_run()
    return own_results(user, run).filter(to_look_at=True).count() if run else 0


def findings(user: User, run: Run) -> QuerySet[Result]:
    """What has changed or is not as it must be; the worst first."""
    return (
        own_results(user, run)
        .filter(Q(to_look_at=True) | ~Q(change__in=[Change.SAME, Change.FIRST]))
        .select_related("question__hotline")
        .order_by("-to_look_at", "-worse", "-guarded", "id")
    )


def lines(user: User, *, sought: str = "", verdict: str = "", limit: int) -> tuple[list[Line], int]:
    """The newest questions, and how many there are."""
    rows = own_questions(user).select_related("hotline")
    run = last_run()
    if sought:
        rows = rows.filter(text__icontains=sought)
    if verdict and run:
        rows = rows.filter(results__run=run, results__verdict=verdict)
    shown = list(rows.order_by("-id")[:limit])
    results = (
        {one.question_id: one for one in run.results.filter(question__in=shown)} if run else {}
    )
    return [Line(one, _of_these_words(one, results.get(one.pk))) for one in shown], rows.count()


def names_of(
    results: Iterable[Result | None], questions: Iterable[Question] = ()
) -> dict[str, str]:
    """The standard questions of all entries that stand in these, by external id: one query."""
    ids = {one.expected for one in questions}
    for result in results:
        if result is not None:
            ids |= {result.expected, *result.entries, *result.before_entries}
    rows = Entry.objects.filter(external_id__in=ids - {""})
    return dict(rows.values_list("external_id", "question"))


def _of_these_words(question: Question, result: Result | None) -> Result | None:
    if result is None or (result.text, result.expected) != (question.text, question.expected):
        return None
    return result
