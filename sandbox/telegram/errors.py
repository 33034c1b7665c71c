"""Telegram's refusals: an HTTP status, the same number in the body, and a sentence."""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse

_PREFIX = {400: "Bad Request: ", 403: "Forbidden: ", 409: "Conflict: "}


class Refused(Exception):
    def __init__(self, status: int, description: str, *, retry_after: int = 0) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.retry_after = retry_after

    def response(self) -> JSONResponse:
        content: dict[str, Any] = {
            "ok": False,
            "error_code": self.status,
            "description": _PREFIX.get(self.status, "") + self.description,
        }
        headers = {}
        if self.retry_after:
            content["parameters"] = {"retry_after": self.retry_after}
            headers["Retry-After"] = str(self.retry_after)
        return JSONResponse(content, status_code=self.status, headers=headers)


def too_many(seconds: int) -> Refused:
    return Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
