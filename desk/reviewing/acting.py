"""Every write of a review: its row is locked, asked whether it may, changed, and the history told.

All raise `NotDone`, and then nothing has changed.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from desk.lessons import drafts
from desk.people.models import User
from desk.people.rights import Right, may
from desk.replies import keeping
from desk.replies.models import CannedReply
from desk.reviewing.criteria import Card, is_whole
from desk.reviewing.errors import NotDone, Problem
from desk.reviewing.models import (
    DrawnMonth,
    EventKind,
    Finding,
    Mark,
    Review,
    ReviewEvent,
    State,
    Subject,
)
from desk.reviewing.months import begin_of, month_after, month_before, month_of
from desk.reviewing.sampling import own_talk, sample

LONGEST = 2000  # of a reason or a comment


@transaction.atomic
def draw(month: date, at: datetime, *, by: User | None = None) -> int:
    """Draw what the rules say and is not drawn yet; returns how many were added. Twice is once.

    `by` None: the system.
    """
    if by is not None and not may(by, Right.SUPERVISE):
        raise NotDone(Problem.NOT_YOURS)
    month = month.replace(day=1)
    if begin_of(month) > at:
        raise NotDone(Problem.FUTURE)
    DrawnMonth.objects.get_or_create(month=month, defaults={"at": at, "by": by})
    locked = DrawnMonth.objects.select_for_update().get(month=month)  # two supervisors at once
    locked.at, locked.by = at, by
    locked.save(update_fields=["at", "by"])
    reviews = Review.objects.bulk_create(
        Review(
            month=month,
            conversation_id=one.conversation,
            subject=Subject.BOT if one.agent is None else Subject.AGENT,
            agent_id=one.agent,
            why=one.why,
        )
        for one in sample(month, at)
    )
    ReviewEvent.objects.bulk_create(
        _event(review, EventKind.DRAWN, at, by, note=str(review.get_why_display()))
        for review in reviews
    )
    return len(reviews)


def draw_due(at: datetime) -> int:
    """Draw the month before as soon as it is over, unless that was done; asked each minute."""
    month = month_before(month_of(at))
    if DrawnMonth.objects.filter(month=month, at__gte=begin_of(month_after(month))).exists():
        return 0
    return draw(month, at)


@transaction.atomic
def score(number: int, card: Card, *, revision: int, by: User, at: datetime) -> Review:
    """Score a talk, or correct what was scored. `revision` is the one that `by` has read.

    A corrected score gives the agent seven days anew.
    """
    review = _locked(number)
    _check_reviewer(review, by)
    _check_revision(review, revision)
    if not review.may_be_scored(at):
        raise NotDone(Problem.NOT_NOW)
    kind = EventKind.SCORED if review.scored_at is None else EventKind.CORRECTED
    before = review.total
    _write(review, card)
    review.state = State.SETTLED if review.of_bot else State.SCORED
    review.scored_by, review.scored_at, review.seen_at = by, at, None
    review.save()
    _event(review, kind, at, by, note=card.comment, data=_told(card, before)).save()
    return review


@transaction.atomic
def answer_back(number: int, reason: str, *, by: User, at: datetime) -> Review:
    """The agent holds something against the score (申诉): once, and within seven days."""
    review = _locked(number)
    if review.agent_id != by.pk or not may(by, Right.TALK):
        raise NotDone(Problem.NOT_YOURS)
    if review.answered_at is not None:
        raise NotDone(Problem.ANSWERED)
    if review.state == State.OPEN:
        raise NotDone(Problem.NOT_NOW)
    if not review.may_be_answered(at):
        raise NotDone(Problem.TOO_LATE)
    review.answer = _reason(reason)
    review.answered_at, review.seen_at, review.state = at, at, State.ANSWERED
    review.save(update_fields=["answer", "answered_at", "seen_at", "state"])
    _event(review, EventKind.ANSWERED, at, by, note=review.answer).save()
    return review


@transaction.atomic
def rule(
    number: int, card: Card | None, reason: str, *, revision: int, by: User, at: datetime
) -> Review:
    """Settle what an agent answered back: with a card the score becomes that, without it stays."""
    review = _locked(number)
    _check_reviewer(review, by)
    _check_revision(review, revision)
    if review.state != State.ANSWERED:
        raise NotDone(Problem.NOT_NOW)
    review.ruling = _reason(reason)
    before = review.total
    kind, data = EventKind.KEPT, _kept(before)
    if card is not None:
        _write(review, card)
        kind, data = EventKind.CHANGED, _told(card, before)
    review.state, review.ruled_by, review.ruled_at, review.seen_at = State.SETTLED, by, at, None
    review.save()
    _event(review, kind, at, by, note=review.ruling, data=data).save()
    return review


def see(review: Review, *, by: User, at: datetime) -> None:
    """The agent has looked at the score as it stands."""
    Review.objects.filter(
        pk=review.pk, agent=by, seen_at__isnull=True, revision=review.revision
    ).exclude(state=State.OPEN).update(seen_at=at)


@transaction.atomic
def keep_reply(
    number: int, *, title: str, text: str, is_teams: bool, by: User, at: datetime
) -> CannedReply:
    """A canned reply out of a review. Raises also what `keeping.keep` does."""
    review = _locked(number)
    _check_supervisor(by)
    reply = keeping.keep(by, title=title, text=text, is_teams=is_teams, at=at)
    _found(review, Finding(reply=reply, title=reply.title), by, at)
    return reply


@transaction.atomic
def keep_draft(number: int, *, question: str, answer: str, by: User, at: datetime) -> str:
    """A draft of a knowledge entry out of a review; returns its external id. Raises also what
    `drafts.keep_draft` does."""
    review = _locked(number)
    _check_supervisor(by)
    entry = drafts.keep_draft(review.conversation, by, question, answer)
    _found(review, Finding(entry=entry.external_id, title=entry.question), by, at)
    return entry.external_id


def is_own(review: Review, user: User) -> bool:
    return Review.objects.filter(own_talk(user.pk), pk=review.pk).exists()


def _found(review: Review, finding: Finding, by: User, at: datetime) -> None:
    finding.review, finding.by, finding.at = review, by, at
    finding.save()
    kind = "entry" if finding.entry else "reply"
    _event(review, EventKind.FINDING, at, by, note=finding.title, data={"kind": kind}).save()


def _locked(number: int) -> Review:
    """Raises `Review.DoesNotExist`."""
    rows = Review.objects.select_for_update(of=("self",)).select_related("conversation")
    return rows.get(pk=number)


def _check_supervisor(by: User) -> None:
    if not may(by, Right.SUPERVISE):
        raise NotDone(Problem.NOT_YOURS)


def _check_reviewer(review: Review, by: User) -> None:
    _check_supervisor(by)
    if is_own(review, by):
        raise NotDone(Problem.OWN_TALK)


def _check_revision(review: Review, revision: int) -> None:
    if review.revision != revision:
        raise NotDone(Problem.CHANGED)


def _reason(text: str) -> str:
    text = text.strip()
    if not text:
        raise NotDone(Problem.NO_REASON)
    if len(text) > LONGEST:
        raise NotDone(Problem.TOO_LONG)
    return text


def _write(review: Review, card: Card) -> None:
    """The score as it stands from now on; the caller saves the review."""
    if not is_whole(card, of_bot=review.of_bot):
        raise NotDone(Problem.INCOMPLETE)
    if any(len(words) > LONGEST for words in (card.comment, *_remarks(card))):
        raise NotDone(Problem.TOO_LONG)
    review.total, review.comment = card.total, card.comment
    review.red_lines, review.is_red = list(card.red_lines), bool(card.red_lines)
    review.revision += 1
    review.marks.all().delete()
    Mark.objects.bulk_create(
        Mark(
            review=review,
            criterion=key,
            points=given.points,
            remark=given.remark,
            message_id=given.message,
        )
        for key, given in card.given.items()
    )


def _remarks(card: Card) -> list[str]:
    return [given.remark for given in card.given.values()]


def _told(card: Card, before: int | None) -> dict[str, object]:
    return {
        "total": card.total,
        "before": before,
        "red_lines": list(card.red_lines),
        "marks": {key: [given.points, given.remark] for key, given in card.given.items()},
    }


def _kept(total: int | None) -> dict[str, object]:
    return {"total": total, "before": total}


def _event(
    review: Review,
    kind: EventKind,
    at: datetime,
    by: User | None,
    *,
    note: str = "",
    data: dict[str, object] | None = None,
) -> ReviewEvent:
    name = str(by) if by else "system"
    return ReviewEvent(
        review=review, kind=kind, at=at, by=name, user=by, note=note, data=data or {}
    )
