"""A person answers for what a machine read: field by field, or for all with the dispatch."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from desk.cases.actors import Actor
from desk.cases.errors import BadBody
from desk.cases.fields import LABELS, shown
from desk.cases.models import OPEN_STATES, Case, CaseField, Kind, State
from desk.cases.recording import record, tell_pages
from desk.cases.steps import take
from desk.people.models import Department, User
from desk.people.rights import Right, may
from intake.privacy import mask_name, mask_phone

# Where a field of the form is kept on the case itself, and its longest value.
_COLUMNS = {
    "content": ("content", 4000),
    "place": ("place", 200),
    "time": ("occurred_at", 25),
    "kind": ("kind", 12),
    "category": ("category", 60),
    "name": ("contact_name", 40),
    "phone": ("contact_phone", 20),
}
_LONGEST = 200


def may_set_fields(case: Case, user: User) -> bool:
    return may(user, Right.OPEN_CASES) and case.state in OPEN_STATES


def confirm(number: str, name: str, user: User) -> Case:
    """This value is right, says a person. Raises `BadBody`."""
    with transaction.atomic():
        case = _locked(number, user)
        rows = CaseField.objects.filter(case=case, name=name, confirmed_by=None).exclude(value="")
        if rows.update(confirmed_by=user):
            tell_pages(case)
    return case


def confirm_all(number: str, user: User) -> Case:
    """All values are right. Raises `BadBody`."""
    with transaction.atomic():
        case = _locked(number, user)
        rows = CaseField.objects.filter(case=case, confirmed_by=None).exclude(value="")
        if rows.update(confirmed_by=user):
            tell_pages(case)
    return case


def change(number: str, name: str, value: str, user: User) -> Case:
    """Set a field as a person typed it; what it was stays in the history. Raises `BadBody`."""
    value = value.strip()
    with transaction.atomic():
        case = _locked(number, user)
        before = CaseField.objects.filter(case=case, name=name).first()
        if before is not None and before.value == value:
            return confirm(number, name, user)
        _write(case, name, value)
        # The words stay where the machine had found them: they are what was said.
        CaseField.objects.update_or_create(
            case=case,
            name=name,
            defaults={"value": value, "confidence": 1.0, "confirmed_by": user},
        )
        record(
            case,
            "changed",
            Actor.of(user),
            at=timezone.now(),
            note=_("%(field)s: %(before)s → %(after)s")
            % {
                "field": LABELS[name],
                "before": _told(name, before.value if before else ""),
                "after": _told(name, value),
            },
            data={"field": name},
        )
        tell_pages(case)
    return case


def _told(name: str, value: str) -> str:
    """In the history, which whoever reads the case reads: of the citizen only a first character."""
    if not value:
        return _("empty")
    if name == "name":
        return mask_name(value)
    return mask_phone(value) if name == "phone" else shown(name, value)


def dispatch(number: str, user: User, body: dict[str, Any]) -> Case:
    """Confirm what is left and dispatch, as one step. Raises `WrongStep`."""
    with transaction.atomic():
        case = take(number, "dispatch", user, body, at=timezone.now())
        CaseField.objects.filter(case=case, confirmed_by=None).exclude(value="").update(
            confirmed_by=user
        )
    return case


def _locked(number: str, user: User) -> Case:
    case = Case.with_practice.select_for_update(of=("self",)).get(number=number)
    if not may_set_fields(case, user):
        raise BadBody(_("The fields of this case cannot be set any more."))
    return case


def _write(case: Case, name: str, value: str) -> None:
    if name not in LABELS:
        raise BadBody(_("There is no such field: %s") % name)
    if name == "department":
        _propose(case, value)
        return
    column, longest = _COLUMNS.get(name, ("", _LONGEST))
    if len(value) > longest:
        raise BadBody(_("This is too long: at most %d characters.") % longest)
    if (name == "content" and not value) or (name == "kind" and value not in Kind):
        raise BadBody(_("This field needs a value."))
    if column:
        setattr(case, column, value)
        case.save(update_fields=[column])


def _propose(case: Case, value: str) -> None:
    """Whom it may be for; once it is with a department, only a step moves it."""
    department = Department.objects.filter(name=value).first()
    if department is None:
        raise BadBody(_("Unknown department: %s") % value)
    if case.state != State.ACCEPTED:
        raise BadBody(_("The case is with a department already: reassign it."))
    case.department = department
    case.save(update_fields=["department"])
