"""What each role may do. One table: pages, API and templates all ask here."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet, prefetch_related_objects

from desk.people.models import Role, User


class Right(StrEnum):
    TALK = "talk"  # take chats over, answer, hand back
    READ_CONVERSATIONS = "read_conversations"
    READ_CASES = "read_cases"
    OPEN_CASES = "open_cases"
    SEE_CONTACTS = "see_contacts"  # unmasked, each time logged
    WRITE_KNOWLEDGE = "write_knowledge"
    PUBLISH_KNOWLEDGE = "publish_knowledge"
    SEE_QUALITY = "see_quality"  # how well the bot answers
    SUPERVISE = "supervise"  # shifts, skills, who talks to whom
    READ_REPORTS = "read_reports"  # the rates of departments
    CALL_BACK = "call_back"  # ask citizens whether it is solved
    HANDLE = "handle"  # a department's cases: sign, answer, return
    ADMINISTER = "administer"


_RIGHTS: dict[str, frozenset[Right]] = {
    Role.AGENT: frozenset(
        {
            Right.TALK,
            Right.READ_CONVERSATIONS,
            Right.READ_CASES,
            Right.OPEN_CASES,
            Right.SEE_CONTACTS,
            Right.CALL_BACK,
        }
    ),
    Role.EDITOR: frozenset({Right.WRITE_KNOWLEDGE, Right.SEE_QUALITY}),
    Role.REVIEWER: frozenset({Right.WRITE_KNOWLEDGE, Right.PUBLISH_KNOWLEDGE, Right.SEE_QUALITY}),
    Role.HANDLER: frozenset({Right.READ_CASES, Right.HANDLE}),
    Role.SUPERVISOR: frozenset(
        {
            Right.TALK,
            Right.READ_CONVERSATIONS,
            Right.READ_CASES,
            Right.OPEN_CASES,
            Right.SEE_CONTACTS,
            Right.SEE_QUALITY,
            Right.SUPERVISE,
            Right.READ_REPORTS,
        }
    ),
    Role.ADMIN: frozenset(Right),
}


def may(user: User | AnonymousUser, right: Right) -> bool:
    if not isinstance(user, User) or not user.is_active:
        return False
    return user.is_superuser or right in _RIGHTS.get(user.role, frozenset())


def hotlines_of(user: User) -> frozenset[str] | None:
    """The codes of the hotlines that this user serves, and of those merged into them, whose history
    is to be found; None: all of them."""
    if user.is_superuser or user.role in {Role.ADMIN, Role.SUPERVISOR}:
        return None
    own = list(user.hotlines.all())
    prefetch_related_objects(own, "absorbed")
    absorbed = {old.code for hotline in own for old in hotline.absorbed.all()}
    return frozenset({hotline.code for hotline in own} | absorbed) or None


def of_own_hotlines[T: QuerySet[Any]](rows: T, user: User) -> T:
    """Only the rows (with a `hotline`) that this user's hotlines may see."""
    codes = hotlines_of(user)
    return rows if codes is None else rows.filter(hotline_id__in=codes)


def staff_for(hotline: str, right: Right) -> QuerySet[User]:
    """The active users who hold a right for a hotline."""
    roles: Iterable[str] = [role for role, rights in _RIGHTS.items() if right in rights]
    return (
        User.objects.filter(is_active=True, role__in=roles)
        .filter(Q(hotlines__code=hotline) | Q(hotlines__isnull=True))
        .distinct()
    )
