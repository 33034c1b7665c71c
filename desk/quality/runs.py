"""When the set is asked: wanted after a change, begun when it is quiet, by one worker at a time."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from desk.quality.models import Cause, Question, Run, RunState

QUIET = timedelta(seconds=10)  # after the last change; an import is many
AT_THE_LATEST = timedelta(minutes=5)  # after the first
BEAT = timedelta(seconds=60)  # a run whose worker has been silent for so long is taken over
KEPT = 50


def want_run(cause: Cause, now: datetime) -> None:
    """Ask for a run. Many of these are one run; with an empty set there is none."""
    waiting = Run.objects.filter(state=RunState.WAITING)
    if waiting.update(touched_at=now) or not Question.objects.exists():
        return
    Run.objects.bulk_create(
        [Run(cause=cause, wanted_at=now, touched_at=now)],
        ignore_conflicts=True,  # another process was a moment earlier: that run serves both
    )


def claim_run(now: datetime) -> Run | None:
    """The run to carry on: one that its worker has left, or the waiting one once it is quiet."""
    running = Run.objects.filter(state=RunState.RUNNING).first()
    if running is not None:
        if running.beat_at is not None and running.beat_at > now - BEAT:
            return None
        taken = Run.objects.filter(pk=running.pk, state=RunState.RUNNING, beat_at=running.beat_at)
        if not taken.update(beat_at=now):
            return None
        running.beat_at = now
        return running
    waiting = Run.objects.filter(state=RunState.WAITING).first()
    if waiting is None or (
        waiting.cause != Cause.BY_HAND
        and waiting.touched_at > now - QUIET
        and waiting.wanted_at > now - AT_THE_LATEST
    ):
        return None
    try:
        with transaction.atomic():
            claimed = Run.objects.filter(pk=waiting.pk, state=RunState.WAITING).update(
                state=RunState.RUNNING,
                started_at=now,
                beat_at=now,
                total=Question.objects.count(),
            )
    except IntegrityError:  # another worker has begun one
        return None
    waiting.refresh_from_db()
    return waiting if claimed else None


def beat(run: Run, *, done: int, now: datetime) -> bool:
    """How far it is. False when another worker has taken it over, or it has ended."""
    mine = Run.objects.filter(pk=run.pk, state=RunState.RUNNING, beat_at=run.beat_at)
    if not mine.update(done=done, beat_at=now):
        return False
    run.beat_at, run.done = now, done
    return True


def leave(run: Run) -> None:
    """The next worker need not wait until this one is believed to be gone."""
    Run.objects.filter(pk=run.pk, state=RunState.RUNNING, beat_at=run.beat_at).update(beat_at=None)


def finish(run: Run, state: RunState, now: datetime) -> None:
    Run.objects.filter(pk=run.pk, state=RunState.RUNNING).update(state=state, finished_at=now)
    old = Run.objects.exclude(state__in=[RunState.WAITING, RunState.RUNNING])
    Run.objects.filter(pk__in=list(old.values_list("pk", flat=True)[KEPT:])).delete()


def start_by_hand(now: datetime) -> None:
    """Without waiting for quiet."""
    want_run(Cause.BY_HAND, now)
    Run.objects.filter(state=RunState.WAITING).update(cause=Cause.BY_HAND)


def last_run() -> Run | None:
    """The newest that has answered every question."""
    return Run.objects.filter(state=RunState.DONE).first()
