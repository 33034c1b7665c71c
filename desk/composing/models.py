"""Words that are not sent yet, and colleagues who were named in a note."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from desk.conversations.models import Conversation, Message


class UnsentWords(models.Model):
    """What one person has typed in one talk, on whichever device."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    text = models.TextField()
    is_note = models.BooleanField(default=False)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "user"], name="one_row_of_unsent_words_a_person"
            )
        ]


class Mention(models.Model):
    """A note names a colleague, who sees it in their list until they have looked."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    message = models.ForeignKey(Message, models.CASCADE, related_name="mentions")
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="mentions")
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "message"], name="named_once_a_note")
        ]
        indexes = [
            models.Index(
                fields=["user"], name="mentions_unseen", condition=models.Q(seen_at__isnull=True)
            )
        ]
