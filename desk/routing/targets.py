"""To whom a talk is passed on, as a form names it: `colleague:12`, `group:3`, `hotline:96105`."""

from __future__ import annotations

from django.utils.translation import gettext as _

from desk.conversations.models import Conversation
from desk.conversations.ownership import NotAllowed
from desk.pages.typed import whole_number
from desk.people.models import Hotline, Skill, User
from desk.people.serving import serving
from desk.routing import passing


def pass_to(number: int, user: User, to: str, note: str) -> Conversation:
    """Raises `NotAllowed`."""
    kind, _colon, name = to.partition(":")
    if kind == "hotline" and (hotline := Hotline.objects.filter(pk=serving(name)).first()):
        return passing.to_line(number, user, hotline, note)
    if kind == "group" and (skill := Skill.objects.filter(pk=_number(name)).first()):
        return passing.to_group(number, user, skill, note)
    if kind == "colleague" and (colleague := User.objects.filter(pk=_number(name)).first()):
        return passing.to_colleague(number, user, colleague, note)
    raise NotAllowed(_("Choose to whom the talk goes."))


def _number(text: str) -> int:
    return whole_number(text) or 0
