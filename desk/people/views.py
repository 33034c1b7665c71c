"""Where somebody lands who opens the desk: at their work."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from desk.people.models import User
from desk.people.rights import Right, may


@login_required
def home(request: HttpRequest) -> HttpResponse:
    return redirect(landing_page(request.user))


def landing_page(user: object) -> str:
    """The name of the first page of a role."""
    if not isinstance(user, User):
        return "login"
    if may(user, Right.TALK):
        return "conversations:inbox"
    if may(user, Right.HANDLE):
        return "handling:desk"
    if may(user, Right.READ_CASES):
        return "cases:list"
    return "wagtailadmin_home"
