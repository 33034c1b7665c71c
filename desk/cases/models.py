"""A case (工单) of the national standard: what was said, where it stands, and all that happened."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from desk.conversations.models import Citizen, Conversation, Message
from desk.people.models import PRACTICE, Department, Hotline, WithoutPractice


class Kind(models.TextChoices):
    CONSULTATION = "consultation", _("Consultation")
    # In context: Wagtail has these two words for something else.
    HELP = "help", pgettext_lazy("kind of case", "Help")
    COMPLAINT = "complaint", _("Complaint")
    REPORT = "report", pgettext_lazy("kind of case", "Report")
    SUGGESTION = "suggestion", _("Suggestion")
    PRAISE = "praise", _("Praise")


class Urgency(models.TextChoices):
    URGENT = "urgent", _("Urgent")
    PRIORITY = "priority", _("Priority")
    ORDINARY = "ordinary", _("Ordinary")
    HARD = "hard", _("Hard")


class State(models.TextChoices):
    ACCEPTED = "accepted", _("Accepted")
    DISPATCHED = "dispatched", _("Dispatched")
    SIGNED = "signed", _("Signed")
    RETURN_ASKED = "return_asked", _("Return asked")
    HANDLING = "handling", _("Handling")
    SUSPENDED = "suspended", _("Suspended")
    ANSWERED = "answered", _("Answered")
    REVIEWED = "reviewed", _("Reviewed")
    CALLED_BACK = "called_back", _("Called back")
    CLOSED = "closed", _("Closed")
    MERGED = "merged", _("Merged")


OPEN_STATES = tuple(s for s in State if s not in {State.CLOSED, State.MERGED})
# A department has it and owes an answer: the clock runs, whether or not anybody has signed.
UNANSWERED = (State.DISPATCHED, State.SIGNED, State.RETURN_ASKED, State.HANDLING)


class CaseCounter(models.Model):
    """The last number given on a day (Asia/Shanghai); its row is the lock."""

    day = models.DateField(primary_key=True)
    last = models.PositiveIntegerField(default=0)


class Case(models.Model):
    objects: models.Manager[Case] = WithoutPractice()
    with_practice: models.Manager[Case] = models.Manager()

    number = models.CharField(_("number"), max_length=20, unique=True)
    hotline = models.ForeignKey(Hotline, models.PROTECT, verbose_name=_("hotline"))
    channel = models.CharField(_("channel"), max_length=12, default="desk")
    conversation = models.ForeignKey(
        Conversation, models.SET_NULL, null=True, blank=True, related_name="cases"
    )
    citizen = models.ForeignKey(Citizen, models.SET_NULL, null=True, related_name="cases")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.COMPLAINT)
    category = models.CharField(_("category"), max_length=60, blank=True)
    department = models.ForeignKey(
        Department, models.PROTECT, verbose_name=_("department"), null=True, blank=True
    )
    co_departments = models.ManyToManyField(
        Department, verbose_name=_("co-handling departments"), related_name="+", blank=True
    )
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.ACCEPTED)
    urgency = models.CharField(
        _("urgency"), max_length=8, choices=Urgency, default=Urgency.ORDINARY
    )
    confidential = models.BooleanField(_("confidential"), default=False)
    content = models.TextField(_("content"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    occurred_at = models.CharField(_("time"), max_length=25, blank=True)  # as exact as was said
    contact_name = models.CharField(_("name"), max_length=40, blank=True)
    contact_phone = models.CharField(_("phone"), max_length=20, blank=True)
    merged_into = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="merged"
    )
    accepted_at = models.DateTimeField(_("accepted"), default=timezone.now)
    dispatched_at = models.DateTimeField(_("dispatched"), null=True, blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    # The clock: how the deadline was counted, and what it waits for. See `deadlines`.
    due_basis = models.JSONField(default=list, blank=True)
    due_is_firm = models.BooleanField(default=True)  # False: across a year not yet published
    suspended_until = models.DateTimeField(null=True, blank=True)
    suspended_left = models.JSONField(null=True, blank=True)  # deadlines.left_of
    extension_asked = models.PositiveSmallIntegerField(null=True, blank=True)  # working days
    extended_by = models.PositiveSmallIntegerField(default=0)  # working days granted, once
    # How far it has come.
    held_since = models.DateTimeField(null=True, blank=True)  # by the department that has it
    sent_at = models.DateTimeField(null=True, blank=True)  # to it, for the last time
    responded_at = models.DateTimeField(null=True, blank=True)  # signed or answered after that
    answered_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)  # accepted in review, still valid
    called_back_at = models.DateTimeField(null=True, blank=True)  # the first time
    pushes = models.PositiveSmallIntegerField(default=0)  # chases by citizen and line
    returns = models.PositiveSmallIntegerField(default=0)  # asked for by departments
    # Supervision: what has been done for the present deadline, and when something is next.
    rungs = models.JSONField(default=list, blank=True)
    chases = models.PositiveSmallIntegerField(default=0)  # by supervision, for this deadline
    owed_since = models.DateTimeField(null=True, blank=True)  # an answer is owed, without a break
    callback_due_at = models.DateTimeField(null=True, blank=True)  # said to be due, not yet done
    is_supervised = models.BooleanField(default=False)  # on the supervision list
    act_at = models.DateTimeField(null=True, blank=True)
    # What it counts for in the rates: see `desk.reports.counting`.
    counted_for = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+"
    )
    counted_since = models.DateTimeField(null=True, blank=True)
    counted_response_until = models.DateTimeField(null=True, blank=True)
    counted_response_at = models.DateTimeField(null=True, blank=True)
    counted_approval_at = models.DateTimeField(null=True, blank=True)
    # Makes opening idempotent: the citizen's message that confirmed it.
    caused_by = models.OneToOneField(
        Message, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["state", "-id"]),
            models.Index(fields=["department", "state", "due_at"]),
            models.Index(fields=["hotline", "-id"]),
            # The big table and the month read these without the rows themselves.
            models.Index(
                fields=[
                    *("department", "due_at", "id", "hotline", "state", "chases", "pushes"),
                    *("is_supervised", "extension_asked", "place"),
                ],
                name="cases_unanswered",
                condition=models.Q(state__in=UNANSWERED),
            ),
            models.Index(
                fields=["act_at", "id"],
                name="cases_to_act",
                condition=models.Q(act_at__isnull=False),
            ),
            models.Index(
                fields=["callback_due_at", "id", "hotline"],
                name="cases_to_call_back",
                condition=models.Q(callback_due_at__isnull=False),
            ),
            models.Index(
                fields=[
                    "due_at",
                    "state",
                    "counted_for",
                    "hotline",
                    "category",
                    "counted_approval_at",
                ],
                name="cases_due_month",
            ),
            models.Index(
                fields=[
                    *("counted_since", "state", "counted_for", "hotline", "category"),
                    *("counted_response_at", "counted_response_until"),
                ],
                name="cases_sent_month",
            ),
            # Calls back count for what their case counts for.
            models.Index(
                fields=["id", "state", "hotline", "counted_for", "category"],
                name="cases_called_back",
            ),
            models.Index(
                fields=["accepted_at", "state", "hotline", "category"],
                name="cases_accepted_month",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_practice(self) -> bool:
        return self.hotline_id == PRACTICE

    @property
    def pushed(self) -> int:
        """How often its department has been asked: by supervision, the line and the citizen."""
        return self.chases + self.pushes

    @property
    def is_overdue(self) -> bool:
        """Late: a department owes the answer still. What has been answered is not late any more."""
        owed = self.state in UNANSWERED
        return owed and self.due_at is not None and self.due_at < timezone.now()


class CaseField(models.Model):
    """Where a field's value comes from: the citizen's words, a rule, or a person."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="fields")
    name = models.CharField(max_length=20)
    value = models.TextField(blank=True)
    confidence = models.FloatField(default=0.0)  # 0 to 1; shown in words
    message = models.ForeignKey(Message, models.SET_NULL, null=True, blank=True, related_name="+")
    start = models.PositiveIntegerField(default=0)  # code points of the message's text
    end = models.PositiveIntegerField(default=0)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "name"], name="one_row_a_field")]

    @property
    def words(self) -> str:
        return self.message.text[self.start : self.end] if self.message else ""


class Unchangeable(TypeError):
    """Somebody tried to change or delete a line of a case's history."""


class EventRows(models.QuerySet["CaseEvent"]):
    def update(self, **_values: object) -> int:
        raise Unchangeable

    def delete(self) -> tuple[int, dict[str, int]]:
        raise Unchangeable

    def without_words(self, instead: str) -> int:
        """What was said, when a citizen is erased; that it happened stays, when and by whom."""
        return super().update(note=instead)


class CaseEvent(models.Model):
    """One line of the history, never changed afterwards.

    `kind` is a step's name or one of the contract's events.
    """

    objects = EventRows.as_manager()

    case = models.ForeignKey(Case, models.CASCADE, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=20)
    by = models.CharField(max_length=150)  # a user name, or citizen, bot, system
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    note = models.TextField(blank=True)
    data = models.JSONField(default=dict, blank=True)
    # What happens once only has a name: the rung of a ladder with its deadline.
    key = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["kind", "at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "key"], condition=~models.Q(key=""), name="happens_once"
            )
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None and not self._state.adding:
            raise Unchangeable
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> tuple[int, dict[str, int]]:
        raise Unchangeable


class Callback(models.Model):
    """What a citizen said when they were called back: solved apart from satisfied."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="callbacks")
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reached = models.BooleanField()
    solved = models.BooleanField(null=True)
    satisfied = models.PositiveSmallIntegerField(null=True)  # 1 to 5

    class Meta:
        indexes = [models.Index(fields=["at", "reached", "case", "solved", "satisfied"])]


class CaseFile(models.Model):
    """A picture or paper that proves an answer, kept under MEDIA_URL."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="files")
    key = models.CharField(max_length=300)
    kind = models.CharField(max_length=12, default="image")
    name = models.CharField(max_length=100)
    content_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField()


class JoinedCitizen(models.Model):
    """A citizen who joined a case instead of opening a like one, and hears of it like its owner."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="joined")
    citizen = models.ForeignKey(Citizen, models.CASCADE, related_name="joined")
    conversation = models.ForeignKey(
        Conversation, models.SET_NULL, null=True, related_name="joined"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "citizen"], name="a_citizen_joins_a_case_once")
        ]


class ContactReveal(models.Model):
    """Who looked at a citizen's unmasked contact, when and where."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    citizen = models.ForeignKey(Citizen, models.CASCADE, null=True, related_name="+")
    case = models.ForeignKey(Case, models.CASCADE, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
