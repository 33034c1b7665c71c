"""What the index holds: one published entry of the desk's knowledge."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

EVERY_HOTLINE = "*"  # for evaluation and agents; a citizen always writes to one hotline


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """An entry as it was published. `effective_from` counts, `effective_to` no longer does."""

    external_id: str
    question: str
    similar_questions: tuple[str, ...] = ()
    answer: str
    department: str = ""
    hotlines: tuple[str, ...] = ()  # empty: the whole city
    category: str = ""
    keywords: tuple[str, ...] = ()
    source: str = ""
    document_number: str = ""
    effective_from: datetime | None = None  # aware
    effective_to: datetime | None = None  # aware
    confirmed_on: date | None = None  # when its department last said that this is so
    version: int = 0  # of the desk's entry

    @property
    def questions(self) -> tuple[str, ...]:
        """The standard question first, then the similar ones."""
        return (self.question, *self.similar_questions)

    def may_be_shown(self, hotline: str, now: datetime) -> bool:
        """In force now, and of this hotline or of the whole city."""
        if self.hotlines and hotline != EVERY_HOTLINE and hotline not in self.hotlines:
            return False
        if self.effective_from is not None and now < self.effective_from:
            return False
        return self.effective_to is None or now < self.effective_to
