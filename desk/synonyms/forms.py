"""A group as an editor types it, and in words why it cannot be kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from desk.pages.typed import storable, whole_number
from desk.synonyms.editing import MOST_GROUPS, ChangedMeanwhile, EditError, TooManyGroups
from desk.synonyms.models import Group
from kb_index.synonyms import LONGEST_NAME, MOST_NAMES, BadSynonyms, Fault

_BETWEEN = re.compile(r"[\n\r、，,；;|]+")


@dataclass(frozen=True)
class Typed:
    """What stands in the form, kept as it was typed whatever happens."""

    official: str = ""
    others: str = ""
    revision: int = 0

    @classmethod
    def of(cls, data: QueryDict) -> Typed:
        revision = data.get("revision", "")
        return cls(
            official=storable(data.get("official", "")),
            others=storable(data.get("others", "")),
            revision=whole_number(revision, 9) or 0,
        )

    @classmethod
    def from_group(cls, group: Group) -> Typed:
        return cls(group.official, "\n".join(group.others), group.revision)

    @property
    def names(self) -> list[str]:
        return [self.official, *_BETWEEN.split(self.others)]

    def fault(self) -> str:
        """What is missing before the index is asked; an empty text when nothing is."""
        if not self.official.strip():
            return _("The official name is missing.")
        return ""


def in_words(error: BadSynonyms | EditError) -> str:
    """For the editor, with what can be done about it."""
    if isinstance(error, BadSynonyms):
        return _SAID[error.fault](error.name)
    if isinstance(error, ChangedMeanwhile):
        names = "、".join(error.group.names)
        return _(
            "%(who)s changed this group while you were writing; it now is: %(names)s. "
            "Yours is still in the form: save it again if it is to replace theirs."
        ) % {"who": error.group.changed_by or _("Somebody"), "names": names}
    if isinstance(error, TooManyGroups):
        return _("There are %s groups already, and more would slow every question down.") % (
            MOST_GROUPS
        )
    return _("This group has been removed meanwhile.")


_SAID: dict[Fault, Callable[[str], str]] = {
    Fault.ONE_NAME: lambda name: _("“%s” stands alone: at least one other name is needed.") % name,
    Fault.TOO_MANY: lambda name: (
        _("“%(name)s” has too many names; %(most)s are the most.")
        % {"name": name, "most": MOST_NAMES}
    ),
    Fault.NOT_A_NAME: lambda name: (
        _("“%(name)s” cannot be a name: it must hold letters or characters, %(most)s at most.")
        % {"name": name, "most": LONGEST_NAME}
    ),
    Fault.TWO_GROUPS: lambda name: (
        _("“%s” already stands in another group. One name can mean one thing only.") % name
    ),
}
