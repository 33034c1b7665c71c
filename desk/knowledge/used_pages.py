"""Which pages of Wagtail's admin this desk has. All others (page tree, pictures, documents,
choosers, collections, workflows, reports, usage) are not there, for nobody: its apps stay installed
only because its admin needs them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

_LISTS = "people/department|people/hotline|knowledge/category"
_USED = re.compile(
    rf"""
    $ | (login|logout|account|jsi18n|sprite|dismissibles)/
    | editing-sessions/
    | knowledge/entries/(?!usage/)
    | snippets/({_LISTS})/(?!usage/)
    | bulk/(knowledge/entry|{_LISTS}|people/user)/
    | (users|groups)/(?!usage/)
    """,
    re.VERBOSE,
)


class OnlyUsedPages:
    """A middleware: what is not listed answers 404, before anybody is asked who they are."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        admin = reverse("wagtailadmin_home")
        if request.path.startswith(admin) and not _USED.match(request.path[len(admin) :]):
            raise Http404
