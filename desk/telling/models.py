"""What citizens are told of their cases and what became of it; and what they were asked."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from desk.cases.models import Case
from desk.conversations.models import Citizen, OutboundMessage


class NoticeState(models.TextChoices):
    PENDING = "pending", pgettext_lazy("notice", "on its way")
    SENT = "sent", pgettext_lazy("notice", "told")
    BY_TEMPLATE = "by_template", pgettext_lazy("notice", "told by a template message")
    WAITS_FOR_CONTACT = (
        "waits_for_contact",
        pgettext_lazy("notice", "waits until the citizen writes"),
    )
    REFUSED = "refused", pgettext_lazy("notice", "refused")
    UNKNOWN = "unknown", pgettext_lazy("notice", "unknown")
    SUPERSEDED = "superseded", pgettext_lazy("notice", "no longer to be told")


class Notice(models.Model):
    """One step of a case for one citizen, written in the transaction of the step.

    Several may go out in one message, and then share its `outbound`.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="notices")
    citizen = models.ForeignKey(Citizen, models.CASCADE, related_name="notices")
    event = models.CharField(max_length=20)  # kind of the event of the case
    words = models.TextField()
    files = models.JSONField(default=list, blank=True)  # ids of `CaseFile` that prove an answer
    state = models.CharField(max_length=20, choices=NoticeState, default=NoticeState.PENDING)
    at = models.DateTimeField()
    outbound = models.ForeignKey(
        OutboundMessage, models.SET_NULL, null=True, blank=True, related_name="notices"
    )

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["citizen", "id"],
                name="notices_to_tell",
                condition=models.Q(state="pending", outbound__isnull=True),
            ),
            models.Index(
                fields=["citizen"],
                name="notices_that_wait",
                condition=models.Q(state="waits_for_contact"),
            ),
            models.Index(fields=["case", "event", "at"]),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.event}"


class AskingState(models.TextChoices):
    WAITING = "waiting", _("to be asked")
    ASKED = "asked", _("asked by message")
    HALF = "half", _("said whether it is solved, not yet how well")
    ANSWERED = "answered", _("answered by message")
    MISSED = "missed", _("not answered by message")


class Asking(models.Model):
    """A call back by message. While it is open, the case is not on the agents' list."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="askings")
    citizen = models.ForeignKey(Citizen, models.CASCADE, related_name="askings")
    state = models.CharField(max_length=10, choices=AskingState, default=AskingState.WAITING)
    at = models.DateTimeField()  # since when it is wanted
    asked_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)  # the last answer
    solved = models.BooleanField(null=True)
    outbound = models.ForeignKey(
        OutboundMessage, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["at"],
                name="askings_going_on",
                condition=models.Q(state__in=["waiting", "asked", "half"]),
            ),
            models.Index(fields=["citizen", "case"]),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.state}"


GOING_ON = (AskingState.WAITING, AskingState.ASKED, AskingState.HALF)
