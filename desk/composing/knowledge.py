"""The knowledge base beside the box: what may be said in this hotline, best first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desk.knowledge.live import all_live
from desk.knowledge.models import Entry
from desk.knowledge.trying import finder

LOOKED_AT = 30
BEFORE_SOURCE = "——"


@dataclass(frozen=True)
class Found:
    entry: Entry
    text: str  # the approved answer, verbatim

    @property
    def source(self) -> str:
        """Who says so: the line under an answer, as the bot gives it."""
        entry = self.entry
        number = entry.document_number.strip()
        source = f"来源：{entry.source}" if entry.source else ""
        if number and number not in source:
            source = f"{source}（{number}）" if source else f"文号：{number}"
        told = [entry.department.name if entry.department else "", source]
        return "｜".join(part for part in told if part)

    @property
    def with_source(self) -> str:
        return f"{self.text}\n\n{BEFORE_SOURCE}{self.source}" if self.source else self.text


def found_for(words: str, hotline: str, now: datetime, most: int) -> list[Found]:
    """What the live index ranks highest, as far as the database lets it be said now.

    Raises `IndexUnavailable`.
    """
    ranked = finder().rank(words, hotline=hotline, now=now).ordered()[:LOOKED_AT]
    return _said(ranked, hotline, now)[:most]


def answer_to(words: str, hotline: str, now: datetime) -> Found | None:
    """The one entry that the bot itself would answer with. Raises `IndexUnavailable`."""
    hits = finder().find(words, hotline=hotline, now=now).hits
    found = _said([hit.external_id for hit in hits], hotline, now)
    return found[0] if found else None


def _said(external_ids: list[str], hotline: str, now: datetime) -> list[Found]:
    answers = all_live(external_ids, hotline, now)
    entries = Entry.objects.select_related("department").in_bulk(
        list(answers), field_name="external_id"
    )
    return [Found(entries[name], answers[name]) for name in external_ids if name in entries]
