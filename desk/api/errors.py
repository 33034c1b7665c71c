"""Errors of the API: always `{"error": {"code", "message"}}`, in words for whoever reads them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from desk.cases.steps import BadBody, IllegalStep


class ApiError(Exception):
    def __init__(self, status: int, code: str, message: str, field: str = "") -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.field = status, code, message, field


def forbidden() -> ApiError:
    return ApiError(403, "forbidden", _("Your role may not do this."))


def not_found(what: str) -> ApiError:
    return ApiError(404, "not_found", _("Not found: %s") % what)


def invalid(message: str, field: str = "") -> ApiError:
    """`field`: of the body or the query, the one that does not fit."""
    return ApiError(422, "invalid", message, field)


def _named(field: str, message: str) -> dict[str, Any]:
    return {"fields": [{"field": field, "message": message}]} if field else {}


def _field_of(place: Sequence[str | int]) -> str:
    """`("body", "body", "hotline")`: where it came in, our argument, the field."""
    parts = [str(part) for part in place[1:]]
    if len(parts) > 1 and parts[0] in {"body", "filters"}:
        parts = parts[1:]
    return ".".join(parts)


def register(api: NinjaAPI) -> None:
    def answer(request: HttpRequest, status: int, code: str, message: str, **more: Any) -> Any:
        return api.create_response(
            request, {"error": {"code": code, "message": message, **more}}, status=status
        )

    @api.exception_handler(ApiError)
    def _ours(request: HttpRequest, error: ApiError) -> HttpResponse:
        named = _named(error.field, error.message)
        return answer(request, error.status, error.code, error.message, **named)

    @api.exception_handler(IllegalStep)
    def _illegal(request: HttpRequest, error: IllegalStep) -> HttpResponse:
        return api.create_response(
            request,
            {
                "error": {"code": "illegal_step", "message": str(error)},
                "legal": error.legal,
            },
            status=409,
        )

    @api.exception_handler(BadBody)
    def _bad(request: HttpRequest, error: BadBody) -> HttpResponse:
        return answer(request, 422, "invalid", str(error), **_named(error.field, str(error)))

    @api.exception_handler(AuthenticationError)
    def _unknown(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
        return answer(
            request, 401, "unauthorized", _("A valid token is needed: Authorization: Bearer …")
        )

    @api.exception_handler(ValidationError)
    def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        faults = [
            {"field": _field_of(fault["loc"]), "message": fault["msg"]} for fault in error.errors
        ]
        return answer(request, 422, "invalid", _("The body does not fit."), fields=faults)

    @api.exception_handler(HttpError)
    def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
        # What is no JSON at all, among others: in our form, not in the library's.
        if error.status_code == 400:
            return answer(request, 422, "invalid", _("The body does not fit."))
        return answer(request, error.status_code, "refused", str(error))

    @api.exception_handler(Http404)
    def _missing(request: HttpRequest, _error: Http404) -> HttpResponse:
        return answer(request, 404, "not_found", _("Not found."))


class InOneForm:
    """What is refused before it comes to a route, or fails there, is told in our form too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        if response.status_code < 400 or not request.path.startswith("/api/v1/"):
            return response
        if response.headers.get("Content-Type", "").startswith("application/json"):
            return response
        code, message = {
            404: ("not_found", _("Not found.")),
            405: ("method_not_allowed", _("This address does not take this method.")),
        }.get(response.status_code, ("refused", _("This request cannot be answered.")))
        if response.status_code >= 500:
            code, message = "error", _("This failed on our side.")
        told = JsonResponse(
            {"error": {"code": code, "message": message}},
            status=response.status_code,
            json_dumps_params={"ensure_ascii": False},
        )
        if "Allow" in response.headers:
            told.headers["Allow"] = response.headers["Allow"]
        return told
