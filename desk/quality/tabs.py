"""The pages of how the bot answers, side by side."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from desk.people.models import User
from desk.people.rights import Right, may
from desk.quality.set_reading import to_look_at


@dataclass(frozen=True)
class Tab:
    key: str  # what a page names as its own `tab`
    label: str | Promise
    url: str
    count: int = 0  # of what waits to be looked at


def tabs_for(user: User) -> list[Tab]:
    tabs = [
        Tab("figures", _("Figures"), reverse("quality:page")),
        Tab("set", _("Question set"), reverse("quality:set"), to_look_at(user)),
    ]
    if may(user, Right.WRITE_KNOWLEDGE):
        tabs.append(Tab("synonyms", _("Synonyms"), reverse("synonyms:groups")))
    return tabs
