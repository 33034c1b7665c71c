"""What was erased, how long things are kept, and files that still have to go."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Erasure(models.Model):
    """The audit line of an erasure: how much of what, and nothing of the person."""

    at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=150)  # who ran the command, or system
    rule = models.CharField(max_length=20, blank=True)  # of retention; empty: asked for
    what = models.JSONField(default=dict)  # counts by kind
    # Numbers of emptied rows, that tell nobody: after a restore they have to be emptied again.
    citizens = models.JSONField(default=list)
    cases = models.JSONField(default=list)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.by}"


class RetentionRule(models.Model):
    """How long one kind of thing is kept here, and which night has done with it."""

    key = models.CharField(max_length=20, primary_key=True)
    days = models.PositiveIntegerField(null=True)  # None: as `desk.keeping.rules` says
    changed_at = models.DateTimeField(null=True)
    changed_by = models.CharField(max_length=150, blank=True)
    done_on = models.DateField(null=True)

    def __str__(self) -> str:
        return self.key


class UnwantedFile(models.Model):
    """A file whose rows are gone: written with their end, gone when the file is."""

    key = models.CharField(max_length=300, unique=True)
    since = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.key
