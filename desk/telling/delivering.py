"""Sends the notices that wait: all of one citizen's in one message, into the talk that is open or a
new one.

Apart from the step that caused them, for a step holds its case while here the talk comes first. The
talk keeps its owner, its draft and its options; the platform decides whether words go or, outside
its window, the account's template. What waits for the citizen's next words is `contact`'s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import structlog
from django.db import IntegrityError, transaction

from desk.conversations import outbox
from desk.conversations.live import announce
from desk.conversations.models import Author, Conversation, Message, OutboundMessage
from desk.telling.links import link_for
from desk.telling.models import Notice, NoticeState
from desk.telling.proof import StoreAway, files_for
from desk.telling.talks import talk_to
from desk.telling.wording import SHOWN_WORDS, STAGES
from wire.messages import File, Part, Template

log = structlog.get_logger(__name__)

CITIZENS = 100  # in one round
TOGETHER = 5  # notices in one message: what is older has been overtaken
TEMPLATE = "case_progress"


def deliver(now: datetime) -> int:
    """Hand out what waits; returns to how many citizens. Any number of workers may."""
    waiting = list(
        Notice.objects.filter(state=NoticeState.PENDING, outbound__isnull=True)
        .order_by("pk")
        .values_list("citizen", flat=True)[: CITIZENS * TOGETHER]
    )
    told = 0
    for citizen in list(dict.fromkeys(waiting))[:CITIZENS]:
        try:
            files = files_for(citizen)
            with transaction.atomic():
                told += _tell(citizen, files, now)
        except StoreAway:
            continue  # the round after finds it again
        except IntegrityError:
            # The citizen opened a talk in this moment: it is found in the next round.
            log.info("notices wait for a talk that has just begun", citizen=citizen)
    return told


def _tell(citizen: int, files: Mapping[int, File], now: datetime) -> int:
    first = Notice.objects.select_related("case").filter(
        citizen=citizen, state=NoticeState.PENDING, outbound__isnull=True
    )[:1]
    case = next((notice.case for notice in first), None)
    if case is None:
        return 0
    talk = talk_to(citizen, case.hotline_id, now)
    notices = list(
        Notice.objects.select_for_update(of=("self",))
        .select_related("case", "citizen")
        .filter(citizen=citizen, state=NoticeState.PENDING, outbound__isnull=True)
    )
    if not notices:
        return 0  # another worker has told them
    shown = notices[-TOGETHER:]
    row = outbox.write_notice(talk, _parts(shown, files), template=_template(shown[-1]))
    record_told(talk, shown, row, now)
    overtaken = [notice.pk for notice in notices[:-TOGETHER]]
    Notice.objects.filter(pk__in=overtaken).update(state=NoticeState.SUPERSEDED)
    Notice.objects.filter(pk__in=[notice.pk for notice in shown]).update(outbound=row)
    return 1


def record_told(
    talk: Conversation, notices: Sequence[Notice], row: OutboundMessage, now: datetime
) -> None:
    """A line of the talk that is nobody's answer."""
    text = text_of(notices)
    Message.objects.create(conversation=talk, author=Author.SYSTEM, text=text, outbound=row, at=now)
    if not talk.last_words:
        talk.last_words, talk.last_from = notices[-1].words[:80], Author.SYSTEM
        talk.save(update_fields=["last_words", "last_from"])
    announce("message", hotline=talk.hotline_id, conversation=talk.pk)


def text_of(notices: Sequence[Notice]) -> str:
    """One bubble for all; each case's page once, after the last of its words."""
    last = {notice.case_id: notice.pk for notice in notices}
    return "\n\n".join(
        f"{notice.words}\n{link_for(notice.case.number, notice.citizen_id)}"
        if last[notice.case_id] == notice.pk
        else notice.words
        for notice in notices
    )


def _parts(notices: Sequence[Notice], files: Mapping[int, File]) -> list[Part]:
    shown = dict.fromkeys(key for notice in notices for key in notice.files)
    return [
        Part(text=text_of(notices)),
        *(Part(file=files[key]) for key in shown if key in files),
    ]


def _template(notice: Notice) -> Template:
    """The latest of them; the page that it leads to has the rest."""
    case = notice.case
    is_owner = case.citizen_id == notice.citizen_id
    about = case.content if is_owner else case.category.rpartition("/")[2]
    return Template(
        name=TEMPLATE,
        number=case.number,
        about=about[:SHOWN_WORDS],
        stage=str(STAGES[notice.event]),
        at=notice.at,
        url=link_for(case.number, notice.citizen_id),
    )
