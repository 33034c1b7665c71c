"""A city's own question set (自测题), the runs over it, and what each run found."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from desk.knowledge.lists import LinesField
from desk.people.models import Hotline, User
from desk.quality.judging import Change, Verdict


class Question(models.Model):
    """What a citizen of this hotline would ask, and which entry has to come."""

    text = models.CharField(_("question"), max_length=200)
    hotline = models.ForeignKey(Hotline, models.CASCADE, verbose_name=_("hotline"))
    expected = models.CharField(max_length=120, blank=True)  # an external id; empty: no answer
    guarded = models.BooleanField(default=True)  # must be right; raises the badge when it is not
    revision = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, models.SET_NULL, null=True)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["hotline", "text"], name="question_once_a_hotline")
        ]

    def __str__(self) -> str:
        return self.text


class RunState(models.TextChoices):
    WAITING = "waiting", _("Begins when it is quiet")
    RUNNING = "running", _("Asking")
    DONE = "done", _("Finished")
    STOPPED = "stopped", _("Could not be finished")


class Cause(models.TextChoices):
    PUBLISHED = "published", _("Entries have changed")
    REBUILT = "rebuilt", _("The index was built anew")
    SYNONYMS = "synonyms", _("Synonyms have changed")
    LEARNED = "learned", _("Thresholds were learned anew")
    QUESTIONS = "questions", _("Questions have changed")
    BY_HAND = "by_hand", _("Started by hand")


class Run(models.Model):
    """All questions asked once. One waits at most: whatever happens meanwhile is in it."""

    state = models.CharField(max_length=8, choices=RunState.choices, default=RunState.WAITING)
    cause = models.CharField(max_length=9, choices=Cause.choices)
    wanted_at = models.DateTimeField()  # first
    touched_at = models.DateTimeField()  # last
    started_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)  # its worker lives; taken over when this grows old
    finished_at = models.DateTimeField(null=True)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    calibration = models.CharField(max_length=32, blank=True)  # digest of how the index decided

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="waiting"), name="one_run_waits"
            ),
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="running"), name="one_run_at_a_time"
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.state in {RunState.WAITING, RunState.RUNNING}

    @property
    def percent(self) -> int:
        return self.done * 100 // max(self.total, 1)


class Result(models.Model):
    """One question in one run, beside what it was in the run before."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="results")
    question = models.ForeignKey(Question, models.CASCADE, related_name="results")
    text = models.CharField(max_length=200)  # as it was asked
    expected = models.CharField(max_length=120, blank=True)
    guarded = models.BooleanField()
    outcome = models.CharField(max_length=12)
    entries = LinesField(default=list)
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    change = models.CharField(max_length=5, choices=Change.choices)
    before_outcome = models.CharField(max_length=12, blank=True)
    before_entries = LinesField(default=list)
    worse = models.BooleanField()
    to_look_at = models.BooleanField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["run", "question"], name="question_once_a_run")
        ]
