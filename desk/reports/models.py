"""Figures of past months, kept so that a trend is one small query."""

from __future__ import annotations

from django.db import models


class MonthFigures(models.Model):
    """One department's (hotline's, category's) figures of one month; `key` "" is the whole city."""

    month = models.DateField()  # its first day
    group = models.CharField(max_length=12)
    key = models.CharField(max_length=60, blank=True)
    shares = models.JSONField(default=dict)  # {rate: [n, d]}
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["month", "group", "key"], name="figures_once_a_month")
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.group} {self.key}"
