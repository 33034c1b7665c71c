"""Letters to departments: one for all the cases that it is about, at the desk and by mail."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from desk.cases.models import Case
from desk.people.models import Department


class LetterKind(models.TextChoices):
    DISPATCH = "dispatch", _("New cases")
    REMINDER = "reminder", _("Reminder before the limit")
    FIRST_CHASE = "first_chase", _("First chase, copy to the leader")
    SECOND_CHASE = "second_chase", _("Second chase")
    SUPERVISION = "supervision", _("On the supervision list")
    CHASE = "chase", pgettext_lazy("letter", "Chase by the line")


class Post(models.TextChoices):
    """What became of a letter's mail."""

    WAITING = "waiting", _("waits to be mailed")
    SENDING = "sending", _("is being mailed")
    SENT = "sent", _("mailed")
    UNKNOWN = "unknown", _("perhaps mailed")
    REFUSED = "refused", _("not mailed")
    NO_ADDRESS = "no_address", _("at the desk only: no mail address")
    NO_MAIL = "no_mail", _("at the desk only: no mail is set up")
    MOOT = "moot", _("not needed any more: its cases have moved on")


class Letter(models.Model):
    department = models.ForeignKey(Department, models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=12, choices=LetterKind)
    at = models.DateTimeField()  # of the rung, or when a person wrote it
    text = models.TextField(blank=True)  # what a person added
    by = models.CharField(max_length=150)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    to_leader = models.BooleanField(default=False)
    cases = models.ManyToManyField(Case, related_name="letters")
    written_at = models.DateTimeField()
    post = models.CharField(max_length=10, choices=Post, default=Post.WAITING)
    posted_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    # While it waits: tried how often, and not again before. While it is being mailed: since when.
    tries = models.PositiveSmallIntegerField(default=0)
    try_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)  # first opened by the department

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["post", "written_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["department", "kind", "at"],
                condition=models.Q(user__isnull=True),
                name="one_letter_a_department_and_rung",
            )
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.kind} {self.at:%Y-%m-%d}"
