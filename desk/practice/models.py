"""One talk with a simulated citizen: whose, which, and how far it is."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from desk.conversations.models import Conversation


class PracticeRun(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    citizen = models.CharField(max_length=20)  # id in citizens.json
    conversation = models.OneToOneField(
        Conversation, models.CASCADE, related_name="practice", db_index=True
    )
    began_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Where the citizen is in their script.
    heard = models.PositiveBigIntegerField(default=0)  # id of the agent's words they reacted to
    used = models.JSONField(default=list)  # numbers of the answers that were given
    shrugs = models.PositiveSmallIntegerField(default=0)  # answers to words that fit nothing
    nags = models.PositiveSmallIntegerField(default=0)
    next_words = models.TextField(blank=True)  # what they are typing
    next_at = models.DateTimeField(null=True, blank=True)
    is_content = models.BooleanField(default=False)  # was told what they wanted to hear

    class Meta:
        indexes = [
            models.Index(
                fields=["ended_at"], name="practice_going_on", condition=models.Q(ended_at=None)
            ),
            models.Index(fields=["user", "-id"]),
        ]
