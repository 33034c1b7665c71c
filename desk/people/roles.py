"""What a role needs from Wagtail: groups with the permissions of the knowledge pages, and the
review that knowledge goes through.
"""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission

from desk.knowledge.models import Entry
from desk.knowledge.review import prepare_review
from desk.people.models import Role, User

_KNOWLEDGE = {
    Role.EDITOR: ["add_entry", "change_entry", "view_entry"],
    Role.REVIEWER: [
        "add_entry",
        "change_entry",
        "view_entry",
        "publish_entry",
        "lock_entry",
        "unlock_entry",
    ],
}


def prepare_groups() -> None:
    """Make the groups, or mend them; safe to repeat."""
    admin_access = Permission.objects.get(
        content_type__app_label="wagtailadmin", codename="access_admin"
    )
    for role, names in _KNOWLEDGE.items():
        group, _created = Group.objects.get_or_create(name=role.value)
        permissions = Permission.objects.filter(
            content_type__app_label="knowledge", codename__in=names
        )
        group.permissions.set([admin_access, *permissions])
    prepare_review(Entry)


def give_role(user: User, role: Role) -> None:
    """Set a saved user's role and what follows from it."""
    user.role = role
    user.is_superuser = role is Role.ADMIN
    user.is_staff = role is Role.ADMIN
    user.save(update_fields=["role", "is_superuser", "is_staff"])
    user.groups.set(Group.objects.filter(name=role.value))
