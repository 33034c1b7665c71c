"""A merge of two lines: how far it is, and what it found and did."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from desk.people.models import Hotline


class Merge(models.Model):
    """A dry run, or a real one that goes on from where it was cut off. Its row is the lock."""

    source = models.ForeignKey(Hotline, models.PROTECT, related_name="+")
    into = models.ForeignKey(Hotline, models.PROTECT, related_name="+")
    is_dry_run = models.BooleanField()
    by = models.CharField(max_length=150)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    finished_kinds = models.JSONField(default=list, blank=True)  # keys
    report = models.JSONField(default=dict, blank=True)  # `merging.report`

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["source"],
                condition=Q(is_dry_run=False, finished_at=None),
                name="one_merge_of_a_line_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.source_id} → {self.into_id}"
