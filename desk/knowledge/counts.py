"""What waits for an editor or a reviewer, in figures; each of them opens its list."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from actions.protocol import Status
from desk.conversations.models import Author, Message
from desk.knowledge.listing import DRAFT, REVIEW, SOON, by_force, under_review, with_status
from desk.knowledge.models import Entry
from intake.privacy import mask_for_screen

DAYS = 7
READ = 500  # messages that the list of what was not answered is made of
SHOWN = 8
UNANSWERED = (Status.NO_ARTICLE, Status.NOT_UNDERSTOOD)


@dataclass(frozen=True)
class Count:
    label: str | Promise
    number: int
    url: str


@dataclass(frozen=True)
class Question:
    """What citizens asked in vain, in one wording."""

    text: str
    times: int


def counts(now: datetime) -> list[Count]:
    entries = reverse("knowledge_entries:list")
    drafts = Entry.objects.filter(Q(live=False, first_published_at=None))
    return [
        Count(_("Drafts, never live"), drafts.count(), f"{entries}?status={DRAFT}"),
        Count(
            _("Waiting for review"),
            Entry.objects.filter(under_review()).count(),
            f"{entries}?status={REVIEW}",
        ),
        Count(
            _("Ends within 14 days"),
            by_force(with_status(Entry.objects.all(), "live"), SOON).count(),
            f"{entries}?status=live&force={SOON}",
        ),
        Count(_("Questions without an answer, 7 days"), _unanswered(now).count(), "#unanswered"),
    ]


def questions(now: datetime) -> list[Question]:
    """The commonest first; numbers masked, for whoever writes knowledge reads no talks."""
    texts = _unanswered(now).order_by("-at").values_list("text", flat=True)[:READ]
    found = Counter(mask_for_screen(text.strip()) for text in texts if text.strip())
    return [Question(text, times) for text, times in found.most_common(SHOWN)]


def _unanswered(now: datetime) -> QuerySet[Message]:
    return Message.objects.filter(
        author=Author.CITIZEN, status__in=UNANSWERED, at__gte=now - timedelta(days=DAYS)
    )
