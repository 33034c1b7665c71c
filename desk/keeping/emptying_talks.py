"""Takes the words out of talks. What is counted stays: when, by whom, how it ended, which entry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.db.models import Q

from desk.composing.models import UnsentWords
from desk.conversations.models import (
    Attachment,
    Conversation,
    DeliveryStatus,
    Message,
    OutboundMessage,
    OwnerChange,
)
from desk.conversations.ownership import end_idle, locked
from desk.keeping.files import drop_later
from desk.keeping.words import removed
from desk.lessons.models import WrongAnswer
from wire.messages import NotAMessage, Outbound, decode, encode

_CHUNK = 500


def empty_talks(talks: Sequence[int]) -> Counter[str]:
    """Inside the caller's transaction; ends those that are open. Twice is once.

    All words go, also those of colleagues and of the bot: they answer the citizen by name and read
    back what was said.
    """
    done: Counter[str] = Counter()
    open_ones = Conversation.with_practice.filter(pk__in=talks, closed_at__isnull=True)
    for number in list(open_ones.values_list("pk", flat=True)):
        end_idle(locked(number))
    said = Message.objects.filter(conversation__in=talks)
    done["messages"] = said.exclude(text__in=["", removed()]).update(text=removed())
    # The platform's name of a message may have the citizen's in it.
    said.filter(~Q(platform_id="") | ~Q(options=[])).update(platform_id="", options=[])
    done["outbox"] = _empty_outbox(talks)
    files = Attachment.objects.filter(message__conversation__in=talks)
    done["files"] = drop_later(files.exclude(key="").values_list("key", flat=True))
    done["attachments"] = files.count()
    files.delete()
    done["unsent"] = UnsentWords.objects.filter(conversation__in=talks).delete()[0]
    changes = OwnerChange.objects.filter(conversation__in=talks)
    done["notes"] = changes.exclude(note__in=["", removed()]).update(note=removed())
    reports = WrongAnswer.objects.filter(message__conversation__in=talks)
    done["reports"] = reports.exclude(question__in=["", removed()]).update(question=removed())
    done["conversations"] = (
        Conversation.with_practice.filter(pk__in=talks)
        .exclude(last_words=removed())
        .update(last_words=removed(), draft=None, offered=[])
    )
    return done


def _empty_outbox(talks: Sequence[int]) -> int:
    """Rows stay for their outcome, without words and without who they went to."""
    changed = []
    rows = OutboundMessage.objects.filter(conversation__in=talks)
    for row in rows.iterator(chunk_size=_CHUNK):
        body = encode(_without_words(row))
        if body == bytes(row.body) and not row.in_reply_to:
            continue
        row.body, row.in_reply_to = body, ""
        if row.status == DeliveryStatus.PENDING:
            row.status, row.reason = DeliveryStatus.SUPERSEDED, "erased"
        changed.append(row)
    fields = ["body", "in_reply_to", "status", "reason"]
    OutboundMessage.objects.bulk_update(changed, fields, batch_size=_CHUNK)
    return len(changed)


def _without_words(row: OutboundMessage) -> Outbound:
    try:
        was = decode(bytes(row.body), Outbound)
    except NotAMessage:
        was = None
    return Outbound(
        id=row.pk,
        account=was.account if was else "",
        external_id="",
        conversation=str(row.conversation_id),
        epoch=was.epoch if was else 0,
        author=was.author if was else "",
    )
