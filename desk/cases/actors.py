"""Who takes a step: a colleague by name, a department's person without an account, the citizen,
or the rules themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

from desk.people.models import Role, User

CITIZEN_ROLE = "citizen"
SYSTEM_ROLE = "system"


@dataclass(frozen=True)
class Actor:
    name: str  # as it stands in the history
    role: str
    user: User | None = None
    department: int | None = None  # of a handler: whose cases they handle
    citizen: int | None = None  # who it is, where that is known; the history's data keep it

    @classmethod
    def of(cls, user: User) -> Actor:
        role = Role.ADMIN if user.is_superuser else user.role
        return cls(user.username, role, user, user.department_id)


CITIZEN = Actor("citizen", CITIZEN_ROLE)
BOT = Actor("bot", "bot")
SYSTEM = Actor("system", SYSTEM_ROLE)
