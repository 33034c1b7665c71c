"""What could be answered to the citizen's last message: the entry that fits, and what colleagues
answered when citizens said the like. It is only ever offered; a person sends it or does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from desk.composing.knowledge import Found, answer_to
from desk.conversations.models import Author, Conversation, Message
from desk.replies.filling import blank
from intake.person import forms_of_address
from intake.privacy import mask_for_screen
from intake.repeats import Report, likeness
from kb_index.index import IndexUnavailable

LOOKED_BACK = timedelta(days=60)
READ = 20  # messages of the citizen
CANDIDATES = 200  # answers of colleagues, the newest
ALIKE = 0.35  # of the words, weighed by how rare they are
SHORTEST = 4  # characters that can be compared; 好的 is like everything
SHORTEST_ANSWER = 8
_CASE_NUMBER = re.compile(r"(?<!\d)20\d{10,14}(?!\d)")


@dataclass(frozen=True)
class Precedent:
    """How colleagues answered the like: the words of one, and how many times it was alike."""

    text: str
    asked: str
    times: int


@dataclass(frozen=True)
class Suggestion:
    entry: Found | None
    precedent: Precedent | None

    @property
    def text(self) -> str:
        """What the key inserts: the approved words go before a colleague's."""
        if self.entry:
            return self.entry.with_source
        return self.precedent.text if self.precedent else ""


def suggestion_for(conversation: Conversation, now: datetime) -> Suggestion | None:
    """For the citizen's last words; None when there is nothing to go by."""
    asked = last_words(conversation)
    if len(asked) < SHORTEST:
        return None
    try:
        entry = answer_to(asked, conversation.hotline_id, now)
    except IndexUnavailable:
        entry = None
    precedent = precedent_for(asked, conversation, now)
    return Suggestion(entry, precedent) if entry or precedent else None


def last_words(conversation: Conversation) -> str:
    """What a citizen said last that can be answered: "a person, please" cannot."""
    said = (
        Message.objects.filter(conversation=conversation, author=Author.CITIZEN)
        .exclude(text="")
        .order_by("-id")[:READ]
    )
    return next((message.text for message in said if not message.is_about_the_talk), "")


def precedent_for(asked: str, conversation: Conversation, now: datetime) -> Precedent | None:
    """The answer of the likest exchange of this hotline, made nobody's."""
    new = Report(text=asked)
    alike = []
    for talk, said, answered in _exchanges(conversation, now):
        if len(said) < SHORTEST or len(answered) < SHORTEST_ANSWER:
            continue
        like = 1.0 if said == asked else likeness(new, Report(text=said)).like_words
        if like >= ALIKE:
            alike.append((like, talk, said, answered))
    if not alike:
        return None
    _like, talk, said, answered = max(alike, key=lambda each: each[0])
    names = _names_in(talk)
    return Precedent(nobodys(answered, names), nobodys(said, names), len(alike))


def _names_in(talk: int) -> list[str]:
    """What the citizen of a talk is called there, the longest first."""
    rows = Conversation.objects.filter(pk=talk).values_list("citizen__name", "cases__contact_name")
    return sorted({name for row in rows for name in row if name}, key=len, reverse=True)


def nobodys(text: str, names: Iterable[str] = ()) -> str:
    """Words without what was only their citizen's: a name, numbers of people and of cases."""
    for name in names:
        text = text.replace(name, blank("称呼"))
    for start, end in reversed(forms_of_address(text)):
        text = text[:start] + blank("称呼") + text[end:]
    return mask_for_screen(_CASE_NUMBER.sub(blank("案号"), text))


def _exchanges(conversation: Conversation, now: datetime) -> Iterable[tuple[int, str, str]]:
    """Of other talks: which it was, what a citizen said last and an agent's first words to it."""
    answers = list(
        Message.objects.filter(
            author=Author.AGENT,
            at__gte=now - LOOKED_BACK,
            conversation__hotline=conversation.hotline_id,
        )
        .exclude(conversation=conversation)
        .order_by("-id")
        .values_list("pk", "conversation_id", "text")[:CANDIDATES]
    )
    talks = {talk for _pk, talk, _text in answers}
    spoken: dict[int, list[tuple[int, str, str]]] = {}
    rows = (
        Message.objects.filter(
            conversation__in=talks,
            author__in=(Author.CITIZEN, Author.AGENT),
            at__gte=now - LOOKED_BACK,
        )
        .order_by("id")
        .values_list("conversation_id", "pk", "author", "text")
    )
    for talk, pk, author, text in rows:
        spoken.setdefault(talk, []).append((pk, author, text))
    wanted = {pk for pk, _talk, _text in answers}
    for talk, lines in spoken.items():
        for before, line in pairwise(lines):
            if line[0] in wanted and before[1] == Author.CITIZEN:
                yield talk, before[2], line[2]
