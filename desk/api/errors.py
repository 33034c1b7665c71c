"""Errors of the API: always `{"error": {"code", "message"}}`, in words for whoever reads them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from desk.cases.steps import BadBody, IllegalStep


class ApiError(Exception):
    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def forbidden() -> ApiError:
    return ApiError(403, "forbidden", _("Your role may not do this."))


def not_found(what: str) -> ApiError:
    return ApiError(404, "not_found", _("Not found: %s") % what)


def invalid(message: str) -> ApiError:
    return ApiError(422, "invalid", message)


def register(api: NinjaAPI) -> None:
    def answer(request: HttpRequest, status: int, code: str, message: str, **more: Any) -> Any:
        return api.create_response(
            request, {"error": {"code": code, "message": message, **more}}, status=status
        )

    @api.exception_handler(ApiError)
    def _ours(request: HttpRequest, error: ApiError) -> HttpResponse:
        return answer(request, error.status, error.code, error.message)

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
        return answer(request, 422, "invalid", str(error))

    @api.exception_handler(AuthenticationError)
    def _unknown(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
        return answer(
            request, 401, "unauthorized", _("A valid token is needed: Authorization: Bearer …")
        )

    @api.exception_handler(ValidationError)
    def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        faults = [
            {"field": ".".join(str(part) for part in fault["loc"][1:]), "message": fault["msg"]}
            for fault in error.errors
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
