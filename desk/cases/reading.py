"""Which cases somebody may read, and the one door through which pages and API fetch them."""

from __future__ import annotations

from django.db.models import Manager, Q, QuerySet
from django.utils import timezone

from desk.cases.models import UNANSWERED, Case, CaseEvent, State
from desk.conversations.models import Conversation
from desk.people.models import PRACTICE, Role, User
from desk.people.rights import hotlines_of, of_own_hotlines
from desk.people.serving import with_absorbed


def readable_by_number(user: User, number: str) -> Case | None:
    """One case with its talk, also of the user's own practice."""
    practised = _all(Case.with_practice).filter(hotline=PRACTICE, conversation__trainee=user)
    for rows in (readable(user), practised):
        found = rows.select_related("conversation").filter(number=number).first()
        if found is not None:
            return found
    return None


def to_read_by_number(user: User, number: str) -> Case | None:
    """The same, and what the user's line gave away, which is only to be read."""
    own = readable_by_number(user, number)
    if own is not None:
        return own
    return given_away(user).select_related("conversation").filter(number=number).first()


def readable_of(user: User, conversation: Conversation) -> QuerySet[Case]:
    """The cases of the citizen of a talk that the user may read, given away or not."""
    if conversation.is_practice:
        return _all(Case.with_practice).filter(citizen=conversation.citizen_id)
    rows = readable(user)
    if hotlines_of(user) is not None:
        rows = rows | given_away(user)
    return rows.filter(citizen=conversation.citizen_id)


def readable(user: User) -> QuerySet[Case]:
    """The cases that a user may see: of their hotlines; a handler those of their department.

    A case that waits to be dispatched names a department as a suggestion only: not theirs yet.
    """
    rows = _all(Case.objects)
    if user.role == Role.HANDLER:
        if user.department_id is None:
            return rows.none()
        return of_department(user.department_id)
    return of_own_hotlines(rows, user)


def of_department(department: int) -> QuerySet[Case]:
    """What a department handles or helps with, with an account at the desk or without."""
    return (
        _all(Case.objects)
        .filter(Q(department=department) | Q(co_departments=department))
        .exclude(state=State.ACCEPTED)
        .distinct()
    )


def given_away(user: User, hotline: str = "") -> QuerySet[Case]:
    """What the user's lines, or this one of them, passed on to others, wherever it is now.

    Who serves every line sees whatever was passed on by any of them.
    """
    rows = _all(Case.objects)
    if user.role == Role.HANDLER:
        return rows.none()
    own = hotlines_of(user)
    giving = with_absorbed([hotline]) if hotline else own
    passed_on = CaseEvent.objects.filter(kind="transfer")
    if giving is None:
        return rows.filter(pk__in=passed_on.values("case"))
    if own is not None:
        giving &= own
    passed_on = passed_on.filter(data__from__in=sorted(giving))
    return rows.filter(pk__in=passed_on.values("case")).exclude(hotline_id__in=own or giving)


def may_act(user: User, case: Case) -> bool:
    """Whether the case is still with the user's people: what they gave away they only read."""
    own = hotlines_of(user)
    return user.role == Role.HANDLER or own is None or case.is_practice or case.hotline_id in own


def every_case() -> QuerySet[Case]:
    """Whoever may read it: for what has been looked up already."""
    return _all(Case.objects)


def may_know_citizen(case: Case, user: User) -> bool:
    """A report is confidential: the department sees the matter, not who told it."""
    return not case.confidential or user.role != Role.HANDLER


def _all(cases: Manager[Case]) -> QuerySet[Case]:
    return cases.select_related("department", "hotline", "citizen").prefetch_related(
        "co_departments", "fields__message", "events"
    )


def narrowed(
    rows: QuerySet[Case],
    *,
    state: str = "",
    department: str = "",
    hotline: str = "",
    is_overdue: bool | None = None,
    q: str = "",
) -> QuerySet[Case]:
    """Only the cases that fit; what is empty or None asks for nothing.

    `q` is a number's beginning, or words of the content or the place.
    """
    if state:
        rows = rows.filter(state=state)
    if department:
        rows = rows.filter(department__name=department)
    if hotline:
        rows = rows.filter(hotline_id__in=with_absorbed([hotline]))
    if is_overdue is not None:
        late = Q(due_at__lt=timezone.now(), state__in=UNANSWERED)
        rows = rows.filter(late) if is_overdue else rows.exclude(late)
    if q:
        rows = rows.filter(
            Q(number__startswith=q) | Q(content__icontains=q) | Q(place__icontains=q)
        )
    return rows
