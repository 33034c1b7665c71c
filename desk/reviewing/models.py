"""What is drawn, how it was scored, and each change of a score in an order that only grows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from desk.conversations.models import Conversation, Message
from desk.people.models import Hotline
from desk.replies.models import CannedReply

ANSWER_WITHIN = timedelta(days=7)  # of a score


class SampleRule(models.Model):
    """How much is drawn a month, and what comes first. Without `hotline`: of all hotlines that
    have no rule of their own, taken together. Without a row the defaults hold."""

    hotline = models.ForeignKey(Hotline, models.CASCADE, null=True, blank=True, related_name="+")
    per_agent = models.PositiveSmallIntegerField(
        _("talks of each agent"), default=5, validators=[MaxValueValidator(100)]
    )
    of_bot = models.PositiveSmallIntegerField(
        _("talks of the bot"), default=20, validators=[MaxValueValidator(500)]
    )
    unsolved_first = models.BooleanField(_("first what was rated unsolved"), default=True)
    waited_first = models.BooleanField(_("then long waits for a person"), default=True)
    cases_first = models.BooleanField(_("then talks with a case"), default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Coalesce("hotline", models.Value("")), name="one_sample_rule_a_hotline"
            )
        ]

    def __str__(self) -> str:
        return self.hotline_id or "*"


class DrawnMonth(models.Model):
    """A month that was drawn; its row is the lock of drawing."""

    month = models.DateField(primary_key=True)  # its first day
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")


class Subject(models.TextChoices):
    AGENT = "agent", _("Agent")
    BOT = "bot", _("Bot")


class Why(models.TextChoices):
    """What brought a talk into the sample, the most pressing first."""

    UNSOLVED = "unsolved", _("rated unsolved")
    WAITED = "waited", _("waited over 3 minutes")
    CASE = "case", _("with a case")
    CHANCE = "chance", _("by chance")


class State(models.TextChoices):
    OPEN = "open", _("to score")
    SCORED = "scored", _("scored")
    ANSWERED = "answered", _("answered back")
    SETTLED = "settled", _("settled")


class Review(models.Model):
    """One talk of a month's sample. `agent` None with the subject AGENT: somebody who is gone."""

    month = models.DateField()  # its first day
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="reviews")
    subject = models.CharField(max_length=5, choices=Subject)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="reviews"
    )
    why = models.CharField(max_length=8, choices=Why)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    revision = models.PositiveIntegerField(default=0)  # rises with each change of the score
    total = models.PositiveSmallIntegerField(null=True, blank=True)
    red_lines = models.JSONField(default=list, blank=True)  # keys of `criteria`
    is_red = models.BooleanField(default=False)  # one was crossed
    comment = models.TextField(blank=True)
    scored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    scored_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)  # by the agent, as it stands now
    answer = models.TextField(blank=True)  # what the agent holds against it
    answered_at = models.DateTimeField(null=True, blank=True)
    ruling = models.TextField(blank=True)
    ruled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    ruled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "month"], name="drawn_once_a_month"),
            models.CheckConstraint(
                condition=models.Q(subject=Subject.AGENT) | models.Q(agent__isnull=True),
                name="the_bot_is_no_agent",
            ),
        ]
        indexes = [
            models.Index(fields=["month", "state"]),
            models.Index(fields=["agent", "state"]),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} #{self.conversation_id}"

    @property
    def of_bot(self) -> bool:
        return self.subject == Subject.BOT

    @property
    def answer_until(self) -> datetime | None:
        """When the agent's days to answer back end; None where nobody answers."""
        if self.of_bot or self.scored_at is None:
            return None
        return self.scored_at + ANSWER_WITHIN

    def standing(self, at: datetime) -> State:
        """The state, with a score that nobody answered in time settled."""
        until = self.answer_until
        if self.state == State.SCORED and until is not None and at > until:
            return State.SETTLED
        return State(self.state)

    def may_be_scored(self, at: datetime) -> bool:
        """The first time, or once more: an agent's until it is answered or settled."""
        return self.of_bot or self.standing(at) in (State.OPEN, State.SCORED)

    def may_be_answered(self, at: datetime) -> bool:
        return self.standing(at) == State.SCORED and not self.of_bot


class Mark(models.Model):
    """What one criterion got, as the score stands now."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="marks")
    criterion = models.CharField(max_length=12)  # key of `criteria`
    points = models.PositiveSmallIntegerField()
    remark = models.TextField(blank=True)
    message = models.ForeignKey(Message, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "criterion"], name="one_mark_a_criterion")
        ]


class EventKind(models.TextChoices):
    DRAWN = "drawn", _("drawn into the sample")
    SCORED = "scored", _("scored it")
    CORRECTED = "corrected", _("corrected the score")
    ANSWERED = "answered", _("answered back")
    KEPT = "kept", _("kept the score")
    CHANGED = "changed", _("changed the score")
    FINDING = "finding", _("made something of it")


class ReviewEvent(models.Model):
    """One line of a review's history. Written once, never changed."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=9, choices=EventKind)
    by = models.CharField(max_length=150)  # the name at that time, or `system`
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    note = models.TextField(blank=True)
    data = models.JSONField(default=dict, blank=True)  # of a score: total, before, marks, red lines

    class Meta:
        ordering = ["at", "id"]

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise TypeError("a line of the history is never changed")
        super().save(*args, **options)


class Finding(models.Model):
    """What a review led to: a canned reply, or a draft of a knowledge entry."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="findings")
    reply = models.ForeignKey(CannedReply, models.SET_NULL, null=True, blank=True, related_name="+")
    entry = models.CharField(max_length=120, blank=True)  # external id
    title = models.CharField(max_length=200)  # as it was made
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
