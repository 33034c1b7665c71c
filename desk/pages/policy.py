"""What a browser may load and run on the desk's own pages: our files, nothing inline.

Wagtail's admin and the API's documentation bring pages of their own, with scripts in them.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

HEADER = "Content-Security-Policy"
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'"
)
OTHERS_PAGES = ("/admin/", "/api/")


class OwnPagesPolicy:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        if HEADER not in response.headers and not request.path.startswith(OTHERS_PAGES):
            response.headers[HEADER] = POLICY
        return response
