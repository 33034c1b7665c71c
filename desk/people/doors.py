"""Who may come in: the one check at the front of a page."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from desk.people.models import User
from desk.people.rights import Right, may


def holder(request: HttpRequest, *rights: Right) -> User:
    """The user, who holds one of these rights. Raises `PermissionDenied`."""
    user = request.user
    if not isinstance(user, User) or not any(may(user, right) for right in rights):
        raise PermissionDenied
    return user
