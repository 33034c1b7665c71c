"""Where a department's letters go: set by a supervisor, and on record, since a letter's mail opens
the cases that it is about."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from desk.people.models import AddressChange, Department, User

_FIELDS = ("mail", "leader", "leader_mail")


@transaction.atomic
def set_addresses(
    department: Department, *, mail: str, leader: str, leader_mail: str, by: User, at: datetime
) -> bool:
    """Keep the addresses; False when nothing is different."""
    department = Department.objects.select_for_update().get(pk=department.pk)
    before = {name: getattr(department, name) for name in _FIELDS}
    after = {"mail": mail, "leader": leader, "leader_mail": leader_mail}
    if before == after:
        return False
    for name, value in after.items():
        setattr(department, name, value)
    department.save(update_fields=list(_FIELDS))
    AddressChange.objects.create(department=department, at=at, user=by, before=before, after=after)
    return True
