"""One talk as lines: what was said by whom, what became of it, and each change of speaker."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Prefetch

from desk.conversations.evidence import Piece, Span, pieces
from desk.conversations.models import (
    Attachment,
    Author,
    Conversation,
    Message,
    OwnerChange,
)
from desk.conversations.wording import (
    Outcome,
    change_in_words,
    outcome_of,
    rating_in_words,
    reason_in_words,
    report_in_words,
)
from desk.knowledge.models import Entry

SHOWN = 100
MOST = 500  # with all that was asked for of what is earlier


@dataclass(frozen=True)
class Bubble:
    message: Message
    pieces: list[Piece]
    reason: str  # what the bot did, in words
    rating: str  # what the citizen said of an answer, in words
    outcome: Outcome | None
    question: str  # of the entry that the bot used
    reported: str  # a colleague called the answer wrong, in words
    attachments: list[Attachment] = field(default_factory=list)

    @property
    def key(self) -> str:
        return f"m-{self.message.pk}"

    @property
    def at(self) -> datetime:
        return self.message.at

    @property
    def classes(self) -> str:
        """Classes of the style sheet."""
        names = {
            Author.CITIZEN: ["cit"],
            Author.BOT: ["bot", "out"],
            Author.AGENT: ["agent", "out"],
            Author.NOTE: ["note", "out"],
            Author.SYSTEM: ["told", "out"],
        }[Author(self.message.author)]
        if self.outcome and self.outcome.status in ("refused", "unknown", "superseded"):
            names = [*names, self.outcome.status]
        return " ".join(names)


@dataclass(frozen=True)
class Change:
    """A system line: who speaks from now on."""

    change: OwnerChange
    words: str

    @property
    def key(self) -> str:
        return f"c-{self.change.pk}"

    @property
    def at(self) -> datetime:
        return self.change.at


@dataclass(frozen=True)
class Thread:
    lines: list[Bubble | Change]
    first: int  # id of the earliest message shown, 0 when there is none
    last: int
    has_earlier: bool


def thread_of(
    conversation: Conversation,
    spans: dict[str, list[Span]],
    *,
    since: int = 0,
) -> Thread:
    """The last lines; with `since`, all from that message on."""
    messages = _messages(conversation, since)
    has_earlier = len(messages) > (MOST if since else SHOWN)
    if has_earlier:
        messages = messages[1:]
    elif since and messages:
        has_earlier = Message.objects.filter(
            conversation=conversation, pk__lt=messages[0].pk
        ).exists()
    questions = _questions(messages)
    channel = conversation.citizen.channel
    bubbles: list[Bubble | Change] = [
        _bubble(message, spans, questions, channel) for message in messages
    ]
    first = messages[0] if messages else None
    changes = OwnerChange.objects.filter(conversation=conversation).select_related("user", "agent")
    if first and has_earlier:
        changes = changes.filter(at__gte=first.at)
    lines = bubbles + [
        Change(change, change_in_words(change)) for change in changes.order_by("-id")[:SHOWN]
    ]
    return Thread(
        lines=sorted(lines, key=lambda line: (line.at, isinstance(line, Bubble))),
        first=first.pk if first else 0,
        last=messages[-1].pk if messages else 0,
        has_earlier=has_earlier,
    )


def earlier_than(conversation: Conversation, first: int) -> int:
    """The id from which a page has to show to go one step further back."""
    ids = list(
        Message.objects.filter(conversation=conversation, pk__lt=first)
        .order_by("-pk")
        .values_list("pk", flat=True)[:SHOWN]
    )
    return ids[-1] if ids else first


def _messages(conversation: Conversation, since: int) -> list[Message]:
    rows = (
        Message.objects.filter(conversation=conversation)
        .select_related("user", "outbound", "wrong_answer__by")
        .prefetch_related(Prefetch("attachments", Attachment.objects.order_by("id")))
        .order_by("-id")
    )
    found = rows.filter(pk__gte=since)[: MOST + 1] if since else rows[: SHOWN + 1]
    return list(found)[::-1]


def _questions(messages: list[Message]) -> dict[str, str]:
    used = {message.entry for message in messages if message.entry}
    if not used:
        return {}
    return dict(Entry.objects.filter(external_id__in=used).values_list("external_id", "question"))


def _bubble(
    message: Message, spans: dict[str, list[Span]], questions: dict[str, str], channel: str
) -> Bubble:
    marks: list[Span] = []
    if message.author == Author.CITIZEN:
        marks = spans.get(str(message.pk), []) or spans.get(message.platform_id, [])
    return Bubble(
        message=message,
        pieces=pieces(message.text, marks),
        reason=reason_in_words(message),
        rating=rating_in_words(message),
        outcome=outcome_of(message.outbound, channel) if message.outbound else None,
        question=questions.get(message.entry, message.entry),
        reported=report_in_words(message),
        attachments=list(message.attachments.all()),
    )
