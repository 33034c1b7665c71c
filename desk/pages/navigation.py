"""The rail: where a role can go. A place whose pages are not installed is left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from desk.people.models import Role, User
from desk.people.rights import Right, may
from desk.quality.set_reading import to_look_at
from desk.reviewing.queue import waiting_for
from desk.webhooks.standing import cut_off_for


@dataclass(frozen=True)
class Place:
    key: str  # what a page names as its own `place`
    label: str | Promise  # two characters
    icon: str
    address: str  # name of a URL
    right: Right


@dataclass(frozen=True)
class Door:
    """A place that this user sees, with its address."""

    key: str
    label: str | Promise
    icon: str
    url: str
    count: int = 0  # of what waits to be looked at


PLACES = (
    Place(
        "conversations",
        _("Talks"),
        "message-square-text",
        "conversations:inbox",
        Right.READ_CONVERSATIONS,
    ),
    # Whose department's it would be: an administrator has the right, and no department.
    Place("handling", pgettext_lazy("place", "Handling"), "inbox", "handling:desk", Right.HANDLE),
    Place("cases", _("Cases"), "clipboard-list", "cases:list", Right.READ_CASES),
    Place("calls", _("Calls"), "phone", "supervision:callbacks", Right.CALL_BACK),
    Place(
        "supervision",
        pgettext_lazy("place", "Chase"),
        "bell-ring",
        "supervision:table",
        Right.SUPERVISE,
    ),
    Place(
        "reports",
        pgettext_lazy("place", "Report"),
        "chart-no-axes-column",
        "reports:month",
        Right.READ_REPORTS,
    ),
    Place("rosters", _("Shifts"), "calendar-days", "rosters:week", Right.TALK),
    Place("wall", _("Board"), "monitor", "wall:page", Right.SUPERVISE),
    # A supervisor's queue; an agent is led on to their own scores.
    Place("reviews", _("Reviews"), "clipboard-check", "reviewing:queue", Right.TALK),
    Place("quality", _("Answers"), "chart-column", "quality:page", Right.SEE_QUALITY),
    Place("lines", _("Lines"), "network", "lines:lines", Right.ADMINISTER),
    Place("knowledge", _("Knowledge"), "book-text", "wagtailadmin_home", Right.WRITE_KNOWLEDGE),
    Place(
        "webhooks", pgettext_lazy("place", "Webhooks"), "webhook", "webhooks:list", Right.ADMINISTER
    ),
)


def doors(user: User) -> list[Door]:
    found = []
    for place in PLACES:
        if not may(user, place.right) or (place.key == "handling" and not _handles(user)):
            continue
        try:
            url = reverse(place.address)
        except NoReverseMatch:
            continue
        counted = _COUNTS.get(place.key)
        count = counted(user) if counted else 0
        found.append(Door(place.key, place.label, place.icon, url, count))
    return found


def _handles(user: User) -> bool:
    return user.role == Role.HANDLER or user.department_id is not None


_COUNTS: Mapping[str, Callable[[User], int]] = {
    "quality": to_look_at,
    "reviews": waiting_for,
    "webhooks": cut_off_for,
}
