"""Asks the questions of the set what a citizen would be told, slowly: citizens come first.

A thread of the worker. Each question takes at most a third of a core, pauses included.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b

import msgspec
import structlog
from django.utils import timezone

from desk.knowledge.live import all_live
from desk.knowledge.trying import finder
from desk.quality.judging import Told, compare, is_worse, judge, needs_a_look
from desk.quality.models import Cause, Question, Result, Run, RunState
from desk.quality.runs import beat, claim_run, finish, last_run, leave, want_run
from kb_index.decision import Outcome
from kb_index.index import IndexUnavailable

log = structlog.get_logger(__name__)

type Ask = Callable[[str, str], Told]

POLL = 2.0  # seconds
LEARNED_EVERY = 30.0  # seconds between two looks at the thresholds
BATCH = 10  # questions between two notes of how far it is
AWAY_FOR = timedelta(minutes=10)  # an index that is away for so long stops the run


def run(stop: threading.Event) -> None:
    """Examine until the stop."""
    learned_at = 0.0
    while not stop.is_set():
        if time.monotonic() >= learned_at:
            want_run_when_learned()
            learned_at = time.monotonic() + LEARNED_EVERY
        claimed = claim_run(timezone.now())
        if claimed is not None:
            examine(claimed, told, stop)
        stop.wait(POLL)


def told(question: str, hotline: str) -> Told:
    """What a citizen is told now. Raises `IndexUnavailable`."""
    now = timezone.now()
    found = finder().find(question, hotline=hotline, now=now)
    live = all_live([hit.external_id for hit in found.hits], hotline, now)
    entries = tuple(hit.external_id for hit in found.hits if hit.external_id in live)
    return Told(found.outcome if entries else Outcome.NO_ARTICLE, entries)


def examine(run: Run, ask: Ask, stop: threading.Event) -> None:
    """Ask what has not been asked in this run; what another worker has begun is carried on."""
    if not run.calibration:
        Run.objects.filter(pk=run.pk).update(calibration=calibration_now())
    former = _former()
    answered = set(run.results.values_list("question_id", flat=True))
    waiting = [one for one in Question.objects.all() if one.pk not in answered]
    away_since: datetime | None = None
    while waiting:
        if stop.is_set():
            leave(run)
            return
        batch, results = waiting[:BATCH], []
        try:
            for question in batch:
                results.append(_result(run, question, ask, former.get(question.pk), stop))
            away_since = None
        except IndexUnavailable as error:
            away_since = away_since or timezone.now()
            log.warning("questions wait for the index", error=type(error).__name__)
            if timezone.now() - away_since >= AWAY_FOR:
                finish(run, RunState.STOPPED, timezone.now())
                return
            stop.wait(POLL)
        _keep(results)
        waiting = waiting[len(results) :]
        answered.update(result.question_id for result in results)
        if not beat(run, done=len(answered), now=timezone.now()):
            return
    finish(run, RunState.DONE, timezone.now())
    log.info("questions were asked", questions=len(answered), cause=run.cause)


def calibration_now() -> str:
    """A digest of how the index decides; empty when it cannot be asked."""
    try:
        body = msgspec.json.encode(finder().calibration)
    except IndexUnavailable:
        return ""
    return blake2b(body, digest_size=8).hexdigest()


def want_run_when_learned() -> None:
    """Thresholds that were learned anew can change every answer."""
    last = last_run()
    if last is None or not last.calibration:
        return
    now = calibration_now()
    if now and now != last.calibration:
        want_run(Cause.LEARNED, timezone.now())


def _former() -> dict[int, Result]:
    """What each question was told in the last finished run."""
    last = last_run()
    return {} if last is None else {result.question_id: result for result in last.results.all()}


def _result(
    run: Run, question: Question, ask: Ask, former: Result | None, stop: threading.Event
) -> Result:
    began = time.monotonic()
    now = ask(question.text, question.hotline_id)
    stop.wait(min(1.0, 2 * (time.monotonic() - began)))
    same_words = former is not None and former.text == question.text
    before = Told(former.outcome, tuple(former.entries)) if former and same_words else None
    verdict = judge(now, question.expected)
    # By what is expected now: a corrected expectation is not a change of the answer.
    worth = judge(before, question.expected) if before else None
    return Result(
        run=run,
        question=question,
        text=question.text,
        expected=question.expected,
        guarded=question.guarded,
        outcome=now.outcome,
        entries=list(now.entries),
        verdict=verdict,
        change=compare(now, before),
        before_outcome=before.outcome if before else "",
        before_entries=list(before.entries) if before else [],
        worse=is_worse(verdict, worth),
        to_look_at=needs_a_look(verdict, worth, guarded=question.guarded),
    )


def _keep(results: Sequence[Result]) -> None:
    """A question that was removed while it was asked has no result."""
    there = set(
        Question.objects.filter(pk__in=[one.question_id for one in results]).values_list(
            "pk", flat=True
        )
    )
    Result.objects.bulk_create(
        [one for one in results if one.question_id in there], ignore_conflicts=True
    )
