"""A run begins after a change, once, and finishes whatever happens to its worker."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from desk.knowledge.indexer import _carry_out_all, open_live_index
from desk.knowledge.publishing import publish
from desk.knowledge.rebuilding import rebuild_index
from desk.people.models import Role, User
from desk.quality import examining
from desk.quality.examining import examine, want_run_when_learned
from desk.quality.judging import Told
from desk.quality.models import Cause, Question, Result, Run, RunState
from desk.quality.runs import (
    AT_THE_LATEST,
    BEAT,
    KEPT,
    QUIET,
    claim_run,
    finish,
    start_by_hand,
    want_run,
)
from desk.synonyms.editing import add_group
from kb_index.index import IndexUnavailable
from kb_index.notes import publish_synonyms
from tests.desk.knowledge.conftest import an_entry

pytestmark = pytest.mark.django_db
type Questions = Callable[..., Question]
NOW = timezone.now()


@pytest.fixture(autouse=True)
def _same_calibration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examining, "calibration_now", lambda: "as-learned")


class City:
    """What its index would tell."""

    def __init__(self, **answers: tuple[str, ...]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def __call__(self, question: str, _hotline: str) -> Told:
        self.asked.append(question)
        entries = self.answers.get(question, ())
        outcome = {0: "no_article", 1: "answered"}.get(len(entries), "menu")
        return Told(outcome, entries)


def run_with(city: Callable[[str, str], Told], stop: threading.Event | None = None) -> Run:
    start_by_hand(timezone.now())
    run = claim_run(timezone.now())
    assert run is not None
    examine(run, city, stop or threading.Event())
    run.refresh_from_db()
    return run


def test_many_changes_are_one_run_that_begins_when_it_is_quiet(question: Questions) -> None:
    question("甲")
    for second in range(5):
        want_run(Cause.PUBLISHED, NOW + timedelta(seconds=second))
    last = NOW + timedelta(seconds=4)
    assert Run.objects.count() == 1
    assert claim_run(last + QUIET - timedelta(seconds=1)) is None
    run = claim_run(last + QUIET)
    assert run is not None
    assert (run.state, run.total) == (RunState.RUNNING, 1)


def test_changes_without_end_do_not_put_it_off_for_ever(question: Questions) -> None:
    question("甲")
    want_run(Cause.PUBLISHED, NOW)
    later = NOW + AT_THE_LATEST
    want_run(Cause.PUBLISHED, later)
    assert claim_run(later) is not None


def test_a_run_by_hand_waits_for_nothing(question: Questions) -> None:
    question("甲")
    want_run(Cause.PUBLISHED, NOW)
    start_by_hand(NOW)
    run = claim_run(NOW)
    assert run is not None
    assert run.cause == Cause.BY_HAND


def test_an_empty_set_makes_no_run() -> None:
    want_run(Cause.PUBLISHED, NOW)
    assert not Run.objects.exists()


def test_what_happens_during_a_run_waits_for_the_next(question: Questions) -> None:
    question("甲")
    start_by_hand(NOW)
    assert claim_run(NOW) is not None
    want_run(Cause.PUBLISHED, NOW)
    assert claim_run(NOW + QUIET) is None
    assert Run.objects.filter(state=RunState.WAITING).count() == 1
    assert Run.objects.filter(state=RunState.RUNNING).count() == 1


def test_a_run_tells_what_changed_against_the_last(question: Questions) -> None:
    question("老年卡怎么办", "KB-1")
    question("居住证怎么办", "KB-2", guarded=False)
    question("今天天气", "")
    run_with(City(老年卡怎么办=("KB-1",), 居住证怎么办=("KB-2",)))
    assert not Result.objects.filter(to_look_at=True).exists()
    run = run_with(City(老年卡怎么办=("KB-9",), 今天天气=("KB-9", "KB-1")))
    assert run.state == RunState.DONE
    found = {one.text: one for one in run.results.all()}
    assert (found["老年卡怎么办"].change, found["老年卡怎么办"].verdict) == ("other", "wrong")
    assert found["老年卡怎么办"].before_entries == ["KB-1"]
    assert (found["居住证怎么办"].change, found["居住证怎么办"].verdict) == ("lost", "missed")
    assert (found["今天天气"].change, found["今天天气"].verdict) == ("found", "wrong_menu")
    assert all(one.to_look_at and one.worse for one in found.values())


def test_a_reworded_question_is_compared_with_nothing(question: Questions) -> None:
    one = question("老年卡怎么办", "KB-1", guarded=False)
    run_with(City(老年卡怎么办=("KB-1",)))
    Question.objects.filter(pk=one.pk).update(text="老年卡去哪办")
    result = run_with(City()).results.get()
    assert (result.change, result.worse) == ("first", False)


def test_a_corrected_expectation_is_no_change_of_the_answer(question: Questions) -> None:
    one = question("老年卡怎么办", "KB-1", guarded=False)
    run_with(City(老年卡怎么办=("KB-1",)))
    Question.objects.filter(pk=one.pk).update(expected="KB-2")
    result = run_with(City(老年卡怎么办=("KB-1",))).results.get()
    assert (result.verdict, result.change, result.worse) == ("wrong", "same", False)


def test_a_worker_that_died_is_followed_by_another_that_asks_the_rest(
    question: Questions,
) -> None:
    for number in range(25):
        question(f"问{number}")
    start_by_hand(NOW)
    run = claim_run(NOW)
    assert run is not None
    city = City()

    def dies(text: str, hotline: str) -> Told:
        if len(city.asked) == 15:
            raise SystemExit
        return city(text, hotline)

    with pytest.raises(SystemExit):
        examine(run, dies, threading.Event())
    run.refresh_from_db()
    assert (run.state, run.done) == (RunState.RUNNING, 10)
    assert run.beat_at is not None
    assert claim_run(run.beat_at + BEAT - timedelta(seconds=1)) is None
    taken = claim_run(run.beat_at + BEAT)
    assert taken is not None
    rest = City()
    examine(taken, rest, threading.Event())
    assert rest.asked == [f"问{number}" for number in range(10, 25)]
    run.refresh_from_db()
    assert (run.state, run.done) == (RunState.DONE, 25)


def test_a_worker_that_is_stopped_leaves_the_run_to_the_next_at_once(question: Questions) -> None:
    for number in range(15):
        question(f"问{number}")
    stop = threading.Event()
    city = City()

    def told(text: str, hotline: str) -> Told:
        stop.set()
        return city(text, hotline)

    run = run_with(told, stop)
    assert run.state == RunState.RUNNING
    taken = claim_run(timezone.now())
    assert taken is not None
    assert taken.pk == run.pk


def test_an_index_that_is_away_is_waited_for(
    question: Questions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examining, "POLL", 0)
    question("甲", "KB-1")
    city = City(甲=("KB-1",))
    attempts = []

    def away_once(text: str, hotline: str) -> Told:
        attempts.append(text)
        if len(attempts) == 1:
            raise IndexUnavailable("away")
        return city(text, hotline)

    run = run_with(away_once)
    assert (run.state, run.results.get().verdict) == (RunState.DONE, "right")


def test_an_index_that_stays_away_stops_the_run_and_leaves_the_last_figures(
    question: Questions, monkeypatch: pytest.MonkeyPatch
) -> None:
    question("甲", "KB-1")
    run_with(City(甲=("KB-1",)))
    monkeypatch.setattr(examining, "POLL", 0)
    monkeypatch.setattr(examining, "AWAY_FOR", timedelta(0))

    def away(_text: str, _hotline: str) -> Told:
        raise IndexUnavailable("away")

    assert run_with(away).state == RunState.STOPPED
    result = run_with(City(甲=("KB-1",))).results.get()
    assert result.change == "same"


def test_a_question_that_is_removed_meanwhile_has_no_result(question: Questions) -> None:
    gone = question("甲")
    question("乙")

    def told(text: str, _hotline: str) -> Told:
        Question.objects.filter(pk=gone.pk).delete()
        return Told("no_article", ())

    run = run_with(told)
    assert [one.text for one in run.results.all()] == ["乙"]
    assert run.state == RunState.DONE


def test_old_runs_go(question: Questions) -> None:
    question("甲")
    for _number in range(KEPT + 3):
        run_with(City())
    assert Run.objects.count() == KEPT


def test_the_indexer_asks_for_a_run_after_it_has_written(
    question: Questions, user: Callable[..., User]
) -> None:
    question("暖气不热怎么办", "KB-1")
    index = open_live_index()
    _carry_out_all(index)
    Run.objects.all().delete()
    publish(an_entry(), None)
    assert not Run.objects.exists()  # publishing itself waits for nothing of this
    _carry_out_all(index)
    assert Run.objects.get().cause == Cause.PUBLISHED
    Run.objects.all().delete()
    add_group(["暖气", "热气"], by=user("editor", Role.EDITOR), at=NOW)
    _carry_out_all(index)
    assert Run.objects.get().cause == Cause.SYNONYMS
    Run.objects.all().delete()
    _carry_out_all(index)
    assert not Run.objects.exists()
    publish_synonyms(index, [])
    index.write([], ["KB-1"])
    index.close()


def test_a_rebuilt_index_asks_for_a_run(question: Questions) -> None:
    question("甲")
    rebuild_index(settings.QIANMEN, lambda _done, _total: None)
    assert Run.objects.get().cause == Cause.REBUILT


def test_thresholds_learned_anew_ask_for_a_run(
    question: Questions, monkeypatch: pytest.MonkeyPatch
) -> None:
    question("甲")
    run_with(City())
    want_run_when_learned()
    assert not Run.objects.filter(state=RunState.WAITING).exists()
    monkeypatch.setattr(examining, "calibration_now", lambda: "learned anew")
    want_run_when_learned()
    assert Run.objects.get(state=RunState.WAITING).cause == Cause.LEARNED


def test_a_run_that_another_worker_has_taken_is_left_to_it(question: Questions) -> None:
    for number in range(15):
        question(f"问{number}")
    city = City()

    def told(text: str, hotline: str) -> Told:
        Run.objects.filter(state=RunState.RUNNING).update(beat_at=timezone.now())
        return city(text, hotline)

    run = run_with(told)
    assert len(city.asked) == 10  # one batch, then it looked
    assert run.state == RunState.RUNNING
    finish(run, RunState.DONE, NOW)
