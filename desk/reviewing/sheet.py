"""One review as its page shows it: the talk with numbered lines, the marks, the history."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise

from desk.cases.models import Case
from desk.cases.reading import readable_of
from desk.conversations.models import Author, Conversation, Message
from desk.conversations.thread import Bubble, Change, thread_of
from desk.people.models import User
from desk.reviewing.criteria import Criterion, criteria, red_lines
from desk.reviewing.models import Mark, Review

CASES = 5
EVENTS = 50  # of the history, newest kept


@dataclass(frozen=True)
class NumberedLine:
    """`number` is 0 for a change of speaker, which nobody can point at."""

    number: int
    line: Bubble | Change


@dataclass(frozen=True)
class MarkLine:
    criterion: Criterion
    mark: Mark
    line: int  # number of the words that show why; 0: none


@dataclass(frozen=True)
class Sheet:
    review: Review
    lines: list[NumberedLine]
    has_earlier: bool  # the talk is longer than what is shown

    @property
    def numbers(self) -> dict[int, int]:
        """Ids of messages by their number on the page."""
        return {
            one.number: one.line.message.pk for one in self.lines if isinstance(one.line, Bubble)
        }

    def marks(self) -> list[MarkLine]:
        """In the order of the table; empty before the first score."""
        number_of = {pk: number for number, pk in self.numbers.items()}
        by_key = {mark.criterion: mark for mark in self.review.marks.all()}
        return [
            MarkLine(one, by_key[one.key], number_of.get(by_key[one.key].message_id or 0, 0))
            for one in criteria(of_bot=self.review.of_bot)
            if one.key in by_key
        ]

    def crossed(self) -> list[str | Promise]:
        """The red lines that were crossed, in words."""
        table = red_lines(of_bot=self.review.of_bot)
        return [one.label for one in table if one.key in self.review.red_lines]


def sheet_of(review: Review) -> Sheet:
    talk = review.conversation
    first = Message.objects.filter(conversation=talk).order_by("pk").values_list("pk", flat=True)
    thread = thread_of(talk, {}, since=first.first() or 0)
    number = 0
    lines = []
    for line in thread.lines:
        number += isinstance(line, Bubble)
        lines.append(NumberedLine(number if isinstance(line, Bubble) else 0, line))
    return Sheet(review, lines, thread.has_earlier)


def cases_of(review: Review, user: User) -> list[Case]:
    """What was taken down in the talk, as far as this person may read it."""
    return list(
        readable_of(user, review.conversation).filter(conversation=review.conversation)[:CASES]
    )


def asked_in(talk: Conversation) -> str:
    """The longest of what the citizen said: most likely the question."""
    return _longest(talk, Author.CITIZEN)


def told_in(review: Review) -> str:
    """The longest that the judged one said."""
    author = Author.BOT if review.of_bot else Author.AGENT
    return _longest(review.conversation, author, None if review.of_bot else review.agent_id)


def _longest(talk: Conversation, author: Author, user: int | None = None) -> str:
    rows = Message.objects.filter(conversation=talk, author=author)
    if user is not None:
        rows = rows.filter(user=user)
    texts = rows.order_by("pk").values_list("text", flat=True)[:500]
    return max((text.strip() for text in texts), key=len, default="")
