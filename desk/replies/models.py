"""A reply that is written once and sent often."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class CannedReply(models.Model):
    """`owner` None: the team's, kept by supervisors."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    title = models.CharField(_("title"), max_length=40)
    text = models.TextField(_("text"))
    used = models.PositiveIntegerField(_("times used"), default=0)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["owner", "-used"])]

    def __str__(self) -> str:
        return self.title
