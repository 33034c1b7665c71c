"""All that citizens and agents said, who owned the talk, and what became of each answer."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from desk.people.models import PRACTICE, Hotline, Skill, WithoutPractice

# What stands before the row's number where the platform's id stood, once a citizen is erased.
ERASED = "erased-"
INVENTED = "past-"  # who is in the demo city's past only, and has no account anywhere


class Citizen(models.Model):
    """One person at one account of one platform; contacts are what they told us."""

    account = models.CharField(max_length=60)
    channel = models.CharField(_("channel"), max_length=12)
    external_id = models.CharField(max_length=128)
    name = models.CharField(_("name"), max_length=40, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    first_seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("citizen")
        verbose_name_plural = _("citizens")
        constraints = [
            models.UniqueConstraint(fields=["account", "external_id"], name="one_row_a_citizen")
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_erased(self) -> bool:
        """Nobody any more: there is no account to write to."""
        return self.external_id.startswith(ERASED)

    @property
    def label(self) -> str:
        """What agents call a citizen who has not given a name: never the platform's id."""
        return self.name or _("Citizen %(number)04d") % {"number": (self.pk or 0) % 10000}


class Owner(models.TextChoices):
    BOT = "bot", _("Bot")
    QUEUE = "queue", _("Queue")
    AGENT = "agent", _("Agent")


class Conversation(models.Model):
    """One talk. Open until 24 h of silence or until an agent closes it.

    `epoch` rises with each change of owner; what was written under an older one is not sent.
    """

    objects: models.Manager[Conversation] = WithoutPractice()
    with_practice: models.Manager[Conversation] = models.Manager()

    citizen = models.ForeignKey(Citizen, models.PROTECT, related_name="conversations")
    hotline = models.ForeignKey(Hotline, models.PROTECT, related_name="+")
    owner = models.CharField(_("owner"), max_length=6, choices=Owner, default=Owner.BOT)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="talks"
    )
    epoch = models.PositiveIntegerField(default=0)
    draft = models.JSONField(null=True, blank=True)  # actions.protocol.Draft
    offered = models.JSONField(default=list, blank=True)  # options that may be tapped
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    queued_at = models.DateTimeField(_("waiting since"), null=True, blank=True)
    last_at = models.DateTimeField(_("last message"), default=timezone.now)
    last_words = models.CharField(max_length=80, blank=True)
    last_from = models.CharField(max_length=8, blank=True)
    unread = models.PositiveIntegerField(default=0)  # what the citizen said since a person looked
    # Routing. `home` is the hotline that the citizen wrote to, when another one serves the talk.
    home = models.ForeignKey(Hotline, models.PROTECT, null=True, blank=True, related_name="+")
    skill = models.ForeignKey(Skill, models.SET_NULL, null=True, blank=True, related_name="+")
    unanswered_at = models.DateTimeField(null=True, blank=True)  # since when an agent owes words
    warned_at = models.DateTimeField(null=True, blank=True)  # that the agent is about to lose it
    told_place = models.PositiveIntegerField(null=True, blank=True)  # in the queue
    told_nobody_at = models.DateTimeField(null=True, blank=True)  # that nobody is on shift
    # Whose practice it is, at the hotline `PRACTICE`; nobody else sees it.
    trainee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        constraints = [
            models.UniqueConstraint(
                fields=["citizen"],
                condition=models.Q(closed_at__isnull=True),
                name="one_open_conversation_a_citizen",
            )
        ]
        indexes = [
            models.Index(fields=["owner", "-last_at"]),
            models.Index(fields=["agent", "-last_at"]),
            models.Index(fields=["-last_at"]),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_practice(self) -> bool:
        return self.hotline_id == PRACTICE


class Author(models.TextChoices):
    CITIZEN = "citizen", _("Citizen")
    BOT = "bot", _("Bot")
    AGENT = "agent", _("Agent")
    SYSTEM = "system", _("System")
    NOTE = "note", _("Note")  # between colleagues; never sent


class DeliveryStatus(models.TextChoices):
    NONE = "", _("not sent")
    PENDING = "pending", _("sending")
    SENT = "sent", _("sent")
    REFUSED = "refused", _("refused")
    UNKNOWN = "unknown", _("unknown")
    SUPERSEDED = "superseded", _("not sent: the speaker changed")


class OutboundMessage(models.Model):
    """The outbox: written in the transaction that causes it, relayed until a Delivery is back."""

    id = models.CharField(primary_key=True, max_length=32)
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="outbox")
    in_reply_to = models.CharField(max_length=160, blank=True)
    body = models.BinaryField()  # wire.Outbound, encoded
    created_at = models.DateTimeField(default=timezone.now)
    relayed_at = models.DateTimeField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=DeliveryStatus, default=DeliveryStatus.PENDING)
    via = models.CharField(max_length=10, blank=True)
    reason = models.CharField(max_length=60, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["created_at"], name="outbox_pending", condition=models.Q(status="pending")
            ),
            models.Index(fields=["conversation", "in_reply_to"]),
        ]


class Rating(models.TextChoices):
    """What a citizen said of an answer of the bot."""

    USEFUL = "useful", _("useful")
    UNSOLVED = "unsolved", _("did not solve it")


# Intents of the bot for words about the talk itself, and how many characters tell no more.
_ABOUT_THE_TALK = frozenset(
    {"request_agent", "cancel_agent", "affirm", "deny", "thank", "goodbye", "greet"}
)
_BARE = 12


class Message(models.Model):
    """One bubble, or a line of the talk that is not one (`system`, `note`)."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="messages")
    author = models.CharField(max_length=8, choices=Author)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    text = models.TextField(blank=True)
    options = models.JSONField(default=list, blank=True)
    kind = models.CharField(max_length=8, default="text")  # wire.InboundKind
    account = models.CharField(max_length=60, blank=True)
    platform_id = models.CharField(max_length=160, blank=True)  # of a citizen's message
    # What the bot made of it: on a citizen's message the intent, on a bot's how its turn ended. The
    # reason is the index's own: why this answer, this menu, or none.
    intent = models.CharField(max_length=20, blank=True)
    status = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=40, blank=True)
    entry = models.CharField(max_length=120, blank=True)  # external id of the entry used
    rating = models.CharField(max_length=8, choices=Rating, blank=True)  # of an answer
    outbound = models.ForeignKey(
        OutboundMessage, models.SET_NULL, null=True, blank=True, related_name="messages"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "platform_id"],
                condition=~models.Q(platform_id=""),
                name="one_row_a_platform_message",
            )
        ]
        indexes = [
            models.Index(fields=["conversation", "id"]),
            models.Index(fields=["status", "at"]),
        ]

    @property
    def is_about_the_talk(self) -> bool:
        """转人工, 没问题, 谢谢: about the talk itself. What is longer may tell a matter."""
        return self.intent == "choose" or (
            self.intent in _ABOUT_THE_TALK and len(self.text) <= _BARE
        )


class Attachment(models.Model):
    """A citizen's file: `key` once it is kept, `reason` when it cannot be had. Or an agent's, which
    has a name and is kept before it is sent."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="attachments")
    platform_id = models.CharField(max_length=400, blank=True)  # of a citizen's
    name = models.CharField(max_length=100, blank=True)  # of an agent's
    kind = models.CharField(max_length=12, default="image")
    key = models.CharField(max_length=300, blank=True)
    content_type = models.CharField(max_length=60, blank=True)
    size = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=60, blank=True)


class Reason(models.TextChoices):
    """Why a talk changed hands, when the change itself does not say it."""

    ASSIGNED = "assigned", _("assigned by itself")
    PASSED = "passed", _("passed to a colleague")
    GROUP = "group", _("passed to a group")
    HOTLINE = "hotline", _("passed to another hotline")
    OVERFLOW = "overflow", _("to the city line")
    SILENT = "silent", _("the agent did not answer")
    AWAY = "away", _("the agent is no longer at the desk")


class OwnerChange(models.Model):
    """The audit line of a change of speaker. `user` did it, `agent` has the talk afterwards."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="owner_changes")
    at = models.DateTimeField(default=timezone.now)
    before = models.CharField(max_length=6, choices=Owner)
    after = models.CharField(max_length=6, choices=Owner)
    by = models.CharField(max_length=8, choices=Author)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=8, choices=Reason, blank=True)
    target = models.CharField(max_length=80, blank=True)  # name of a group or a hotline
    epoch = models.PositiveIntegerField()
    note = models.TextField(blank=True)


class Partition(models.Model):
    """The highest fencing number that ever held a partition: a lower one may not write."""

    number = models.PositiveSmallIntegerField(primary_key=True)
    fence = models.PositiveBigIntegerField(default=0)


class LiveEvent(models.Model):
    """What changed for whoever looks at the desk; pages catch up from here by last seen id."""

    # message | mention | owner | delivery | case | read | look
    kind = models.CharField(max_length=12)
    hotline = models.ForeignKey(Hotline, models.CASCADE, related_name="+")
    conversation = models.ForeignKey(Conversation, models.CASCADE, null=True, related_name="+")
    case = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["at"])]
