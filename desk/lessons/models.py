"""Answers of the bot that a colleague called wrong, and what colleagues' own answers became."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from desk.conversations.models import Conversation, Message


class WrongAnswer(models.Model):
    """Reported by who read the talk; open until an editor has looked at it."""

    message = models.OneToOneField(Message, models.CASCADE, related_name="wrong_answer")
    question = models.CharField(max_length=300)  # what the citizen asked, numbers masked
    entry = models.CharField(max_length=120)  # external id of what the bot answered with
    right_entry = models.CharField(max_length=120, blank=True)  # empty: there is none yet
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at"]


class Lesson(models.Model):
    """Whether an ended talk became a draft of the knowledge. One row a talk: offered once."""

    conversation = models.OneToOneField(Conversation, models.CASCADE, related_name="lesson")
    entry = models.CharField(max_length=120, blank=True)  # external id; empty: not wanted
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
