"""Who opened a letter, and when: with an account at the desk, or by the link in the mail."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from desk.supervision.models import Letter


class LetterOpening(models.Model):
    letter = models.ForeignKey(Letter, models.CASCADE, related_name="openings")
    at = models.DateTimeField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    name = models.CharField(max_length=40, blank=True)  # as who has the link says it
    address = models.CharField(max_length=45, blank=True)  # from where, when it was by the link
    by_link = models.BooleanField(default=False)
    case = models.CharField(max_length=20, blank=True)  # which of its cases; empty: the letter

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["letter", "at"])]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.at:%Y-%m-%d}"
