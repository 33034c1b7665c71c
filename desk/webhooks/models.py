"""Who outside hears of cases, and what became of each thing they were told."""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from desk.cases.models import Case, CaseEvent


class Reason(models.TextChoices):
    """Why a delivery was not sent, or why an endpoint is off. Stable: the API tells them."""

    NO_CONNECTION = "no_connection", _("no connection")
    NO_ADDRESS = "no_address", _("its name leads to no address")
    PRIVATE_ADDRESS = "private_address", _("its name leads into a private network")
    NO_ANSWER = "no_answer", _("no answer after sending: perhaps it arrived")
    SENDER_DIED = "sender_died", _("the sender stopped while sending: perhaps it arrived")
    REDIRECT = "redirect", _("it answered with a redirect, which is not followed")
    STATUS = "status", _("it answered with an error")
    GONE = "gone", _("it said that it is gone for good (410)")
    FAILING = "failing", _("it failed for more than a day")
    OFF = "off", _("it was turned off for more than a day")
    BY_HAND = "by_hand", _("turned off by hand")


class Endpoint(models.Model):
    """An address that is told of case events. Empty `kinds` or `hotlines` means all of them."""

    url = models.CharField(_("address"), max_length=500)
    secret = models.CharField(max_length=80)  # shown once, kept because it signs
    kinds = models.JSONField(default=list, blank=True)
    hotlines = models.JSONField(default=list, blank=True)
    active = models.BooleanField(default=True)
    by = models.CharField(max_length=150)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()
    failures = models.PositiveIntegerField(default=0)  # in a row
    failing_since = models.DateTimeField(null=True, blank=True)
    rest_until = models.DateTimeField(null=True, blank=True)  # it is not asked before
    disabled_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=20, choices=Reason, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.url

    @property
    def host(self) -> str:
        """For who needs not see the whole address: it may hold a key."""
        return urlsplit(self.url).hostname or ""

    @property
    def is_off_by_itself(self) -> bool:
        return not self.active and self.reason != Reason.BY_HAND


class Outcome(models.TextChoices):
    PENDING = "pending", pgettext_lazy("delivery", "waits")
    SENT = "sent", pgettext_lazy("delivery", "delivered")
    REFUSED = "refused", pgettext_lazy("delivery", "refused")
    UNKNOWN = "unknown", pgettext_lazy("delivery", "perhaps delivered")
    GIVEN_UP = "given_up", pgettext_lazy("delivery", "given up")


def new_key() -> str:
    return uuid4().hex


class Delivery(models.Model):
    """One event for one endpoint. While `next_at` is set it will be tried, whatever its state:
    one whose answer was lost is *unknown* and tried again, under the same `key`.
    """

    key = models.CharField(max_length=32, unique=True, default=new_key)
    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(  # none: a test
        CaseEvent, models.CASCADE, null=True, blank=True, related_name="+"
    )
    case = models.ForeignKey(Case, models.CASCADE, null=True, blank=True, related_name="+")
    # Where the case stood when it happened. The words stay with the event, which may be emptied.
    stood = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=Outcome, default=Outcome.PENDING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)
    claim = models.CharField(max_length=32, blank=True)  # of the sender that has it now
    code = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=20, choices=Reason, blank=True)
    at = models.DateTimeField()
    since = models.DateTimeField()  # the tries are counted from here: written, or asked for again
    tried_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "event"], name="told_once_an_endpoint")
        ]
        indexes = [
            models.Index(
                fields=["endpoint", "next_at"],
                name="webhooks_due",
                condition=models.Q(next_at__isnull=False),
            ),
            models.Index(
                fields=["endpoint", "case", "id"],
                name="webhooks_order",
                condition=models.Q(next_at__isnull=False),
            ),
            models.Index(fields=["endpoint", "-id"], name="webhooks_newest"),
            models.Index(fields=["at"], name="webhooks_age"),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def kind(self) -> str:
        return self.event.kind if self.event else "test"

    @property
    def waits(self) -> bool:
        return self.next_at is not None
