"""Passing a talk on: to a colleague, to a group of a skill, to another hotline. By the agent who
has it, or by a supervisor, who may move any open talk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from desk.conversations.live import announce
from desk.conversations.models import Author, Conversation, Owner, Reason
from desk.conversations.ownership import (
    NotAllowed,
    change_owner,
    has_room,
    locked,
    place_in_queue,
    require_own,
    tell,
)
from desk.people.models import Hotline, Skill, User
from desk.people.rights import Right, may, staff_for
from desk.people.shifts import on_shift, someone_on_shift
from desk.routing.overflow import to_hotline
from desk.routing.unattended import remember_place

LONGEST_NOTE = 300


class Absent(NotAllowed):
    """Nobody is there to take it: the talk stays where it is."""


@dataclass
class Moved:
    """What became of several talks that were to be moved."""

    done: list[int] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)


def to_colleague(number: int, user: User, colleague: User, note: str = "") -> Conversation:
    """The colleague has the talk from now on, finds it in their list, and reads the note."""
    with transaction.atomic():
        conversation = _of(number, user)
        if conversation.owner == Owner.AGENT and conversation.agent_id == colleague.pk:
            raise NotAllowed(_("%s has this conversation already.") % colleague)
        served = staff_for(conversation.hotline_id, Right.TALK)
        if not served.filter(pk=colleague.pk).exists():
            raise NotAllowed(_("%s does not serve this hotline.") % colleague)
        if not User.objects.get(pk=colleague.pk).is_present:
            raise Absent(_("%s is not at the desk. The talk stays where it is.") % colleague)
        if not has_room(colleague):
            raise NotAllowed(
                _("%(who)s has %(n)d talks already, which is the limit.")
                % {"who": colleague, "n": colleague.talk_limit}
            )
        change_owner(
            conversation,
            Owner.AGENT,
            by=Author.AGENT,
            user=user,
            agent=colleague,
            note=note[:LONGEST_NOTE],
            reason=Reason.PASSED,
        )
        tell(conversation, _("%s is with you now.") % colleague, user=colleague)
    return conversation


def to_group(number: int, user: User, skill: Skill, note: str = "") -> Conversation:
    """Back to the queue, for somebody with the skill."""
    with transaction.atomic():
        conversation = _of(number, user)
        there = on_shift(conversation.hotline_id, timezone.now()).filter(skills=skill)
        if not there.exclude(pk=user.pk).exists():
            raise Absent(_("Nobody of the group %s is on shift. The talk stays.") % skill)
        conversation.skill = skill
        _requeue(conversation, user, Reason.GROUP, skill.name, note)
    return conversation


def to_line(number: int, user: User, hotline: Hotline, note: str = "") -> Conversation:
    """To the queue of another hotline."""
    with transaction.atomic():
        conversation = _of(number, user)
        before = conversation.hotline_id
        if before == hotline.pk:
            raise NotAllowed(_("The talk is at this hotline already."))
        if not someone_on_shift(hotline.pk):
            raise Absent(_("Nobody is on shift at %s. The talk stays.") % hotline)
        to_hotline(conversation, hotline)
        _requeue(conversation, user, Reason.HOTLINE, str(hotline), note)
        announce("owner", hotline=before, conversation=conversation.pk)
    return conversation


def each(numbers: Iterable[int], move: Callable[[int], Conversation]) -> Moved:
    """Move several, each by itself: one refusal does not hold up the others."""
    moved = Moved()
    for number in numbers:
        try:
            move(number)
        except NotAllowed as error:
            moved.refused.append((number, str(error)))
        except Conversation.DoesNotExist:
            moved.refused.append((number, _("There is no such conversation.")))
        else:
            moved.done.append(number)
    return moved


def _of(number: int, user: User) -> Conversation:
    """The talk, locked, when this user may pass it on."""
    conversation = locked(number)
    if not may(user, Right.SUPERVISE):
        require_own(conversation, user)
    elif not conversation.is_open:
        raise NotAllowed(_("This conversation is closed."))
    if conversation.is_practice:
        raise NotAllowed(_("This is a practice: it stays with you."))
    return conversation


def _requeue(
    conversation: Conversation, user: User, reason: Reason, target: str, note: str
) -> None:
    change_owner(
        conversation,
        Owner.QUEUE,
        by=Author.AGENT,
        user=user,
        reason=reason,
        target=target[:80],
        note=note[:LONGEST_NOTE],
    )
    remember_place(conversation)
    words = _("We are passing you to a colleague who knows this. You are number %d.")
    tell(conversation, words % place_in_queue(conversation), may_cancel=True)
