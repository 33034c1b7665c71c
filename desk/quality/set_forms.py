"""A question of the set as an editor types it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import QueryDict

from desk.conversations.views import own_hotlines
from desk.pages.typed import storable, whole_number
from desk.people.models import User
from desk.quality.models import Question
from desk.quality.set_editing import NotKept, Wanted, entry_ids, problem_of


@dataclass(frozen=True)
class TypedQuestion:
    """What stands in the form, kept as it was typed whatever happens."""

    text: str = ""
    hotline: str = ""
    expected: str = ""
    guarded: bool = True
    revision: int = 0

    @classmethod
    def of(cls, data: QueryDict) -> TypedQuestion:
        revision = data.get("revision", "")
        return cls(
            text=storable(data.get("text", "")),
            hotline=storable(data.get("hotline", "")),
            expected=storable(data.get("expected", "")),
            guarded="guarded" in data,
            revision=whole_number(revision, 9) or 0,
        )

    @classmethod
    def from_question(cls, question: Question) -> TypedQuestion:
        return cls(
            question.text,
            question.hotline_id,
            question.expected,
            question.guarded,
            question.revision,
        )

    def after(self, revision: int) -> TypedQuestion:
        """The same words, written knowing that revision."""
        return replace(self, revision=revision)

    def checked(self, user: User) -> Wanted:
        """Raises `NotKept`."""
        named = self.expected.strip()
        ids = entry_ids([named])
        wanted = Wanted(
            text=" ".join(self.text.split()),
            hotline=self.hotline,
            expected=ids.get(named, named),
            guarded=self.guarded,
        )
        codes = [hotline.code for hotline in own_hotlines(user)]
        if problem := problem_of(wanted, hotlines=codes, entries=list(ids.values())):
            raise NotKept(problem)
        return wanted
