"""Groups of names of one thing, who changed them, and which edition is in use."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from desk.knowledge.lists import LinesField
from desk.people.models import User


class Group(models.Model):
    """Several names of one thing, the official one first."""

    names = LinesField(_("names"))
    revision = models.PositiveIntegerField(default=1)  # told by a form, so that none overwrites
    changed_by = models.ForeignKey(User, models.SET_NULL, null=True)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.official

    @property
    def official(self) -> str:
        return str(self.names[0])

    @property
    def others(self) -> list[str]:
        return list(self.names[1:])


class ChangeKind(models.TextChoices):
    ADDED = "added", _("Added")
    CHANGED = "changed", _("Changed")
    REMOVED = "removed", _("Removed")


class Change(models.Model):
    """Who made which group what. It outlives its group."""

    group = models.ForeignKey(Group, models.SET_NULL, null=True, related_name="changes")
    kind = models.CharField(max_length=8, choices=ChangeKind.choices)
    before = LinesField(default=list, blank=True)
    after = LinesField(default=list, blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]


class Edition(models.Model):
    """One row. Every change raises `number` in its own transaction; the indexer follows with
    `published`. Its lock keeps two editors from giving one name to two groups."""

    number = models.PositiveBigIntegerField(default=0)
    published = models.PositiveBigIntegerField(default=0)
    published_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=200, blank=True)  # why the index refused it

    @property
    def is_live(self) -> bool:
        return self.published == self.number and not self.fault
