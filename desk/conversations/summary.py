"""What a citizen said, in their own sentences: the few that tell the most, and where."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from desk.conversations.evidence import Span
from desk.conversations.models import Author, Conversation, Message
from intake.category import rarity
from intake.grams import grams, squeeze
from intake.privacy import mask_for_screen

READ = 40  # messages of the citizen
SHOWN = 3  # sentences
FROM = 3  # messages: what is shorter is read faster than its summary
LONGEST = 80  # characters of a sentence
SHORTEST = 5
_END = re.compile(r"[。！？!?；;\n]+")
_OF_A_FIELD = 6.0  # what a field of the case rests on matters to the case


@dataclass(frozen=True)
class Sentence:
    text: str
    message: int  # where it was said
    weight: float


def summary_of(conversation: Conversation, spans: dict[str, list[Span]]) -> list[Sentence]:
    """In the order in which they were said; nothing for a talk that is short anyway."""
    said = list(
        Message.objects.filter(conversation=conversation, author=Author.CITIZEN)
        .exclude(text="")
        .order_by("-id")[:READ]
    )[::-1]
    said = [message for message in said if not message.is_about_the_talk]
    if len(said) < FROM:
        return []
    found: list[Sentence] = []
    for message in said:
        marks = spans.get(str(message.pk), []) or spans.get(message.platform_id, [])
        found += _sentences(message, marks)
    best = sorted(_different(found), key=lambda sentence: -sentence.weight)[:SHOWN]
    return [sentence for sentence in found if sentence in best]


def _sentences(message: Message, marks: list[Span]) -> Iterable[Sentence]:
    start = 0
    for end in [*_END.finditer(message.text), None]:
        stop = end.start() if end else len(message.text)
        text = message.text[start:stop].strip()
        if len(text) >= SHORTEST:
            fields = {mark.field for mark in marks if mark.start < stop and start < mark.end}
            weight = _weight(text) + _OF_A_FIELD * len(fields - {"content"})
            shown = mask_for_screen(text)
            if len(shown) > LONGEST:
                shown = shown[: LONGEST - 1] + "…"
            yield Sentence(shown, message.pk, round(weight, 3))
        start = end.end() if end else stop


def _weight(text: str) -> float:
    """How much is told that not every message tells, however long the sentence is."""
    runs = [run for run in grams(squeeze(text), 2, 2) if run.isalnum()]
    return sum(rarity(run) for run in runs) / max(8.0, len(runs)) ** 0.5 if runs else 0.0


def _different(sentences: list[Sentence]) -> list[Sentence]:
    """Each once: what was said again is no news."""
    seen: set[str] = set()
    kept = []
    for sentence in sentences:
        key = squeeze(sentence.text)
        if key not in seen:
            seen.add(key)
            kept.append(sentence)
    return kept
