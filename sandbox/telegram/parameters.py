"""A method's parameters, from a query, a form, a multipart form or JSON alike."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request

from sandbox.telegram.errors import Refused

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
LONGEST_RAW = 32_768
LONGEST_CALLBACK_DATA = 64


class Parameters:
    """Values as they came: forms carry strings, and nested things as JSON in a string."""

    def __init__(
        self,
        values: Mapping[str, Any],
        files: Mapping[str, bytes] | None = None,
        names: Mapping[str, str] | None = None,
    ) -> None:
        self._values = values
        self.files = files or {}
        self.names = names or {}  # as the files were called

    def text(self, name: str, default: str = "") -> str:
        value = self._values.get(name, default)
        return value if isinstance(value, str) else str(value)

    def number(self, name: str, default: int | None = None) -> int:
        value = self._values.get(name, default)
        try:
            return int(value)
        except (TypeError, ValueError):
            raise Refused(400, f"{name} must be a number") from None

    def flag(self, name: str) -> bool:
        return str(self._values.get(name, "")).lower() in ("true", "1")

    def nested(self, name: str) -> Any:
        """A nested value; None when it was not given or is not JSON (Telegram ignores such)."""
        value = self._values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            return None


async def read_parameters(request: Request) -> Parameters:
    values: dict[str, Any] = dict(request.query_params)
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        try:
            body = json.loads(await request.body() or b"{}")
        except ValueError as error:
            raise Refused(400, "can't parse JSON object") from error
        if not isinstance(body, dict):
            raise Refused(400, "can't parse JSON object")
        return Parameters({**values, **body})
    if not kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
        return Parameters(values)
    files: dict[str, bytes] = {}
    names: dict[str, str] = {}
    async with request.form() as form:
        for name, value in form.items():
            if isinstance(value, UploadFile):
                files[name] = await value.read()
                names[name] = value.filename or ""
            else:
                values[name] = value
    return Parameters(values, files, names)


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def message_text(parameters: Parameters, name: str = "text", most: int = LONGEST_TEXT) -> str:
    """The words of a message, within Telegram's limits."""
    if parameters.text("parse_mode") or parameters.nested("entities"):
        # Formatting is not modelled: better refused here than shown as it would not look.
        raise Refused(400, "unsupported parse_mode")
    text = parameters.text(name)
    if len(text.encode()) > LONGEST_RAW:
        raise Refused(400, "Text is too long")
    if most == LONGEST_TEXT and not text.strip():
        raise Refused(400, "message text is empty")
    if utf16_length(text) > most:
        raise Refused(400, "message is too long" if most == LONGEST_TEXT else "caption is too long")
    return text


def inline_keyboard(markup: Any) -> list[list[dict[str, str]]]:
    """The buttons below a message, checked; empty when there are none."""
    if not isinstance(markup, dict) or "inline_keyboard" not in markup:
        return []
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise Refused(400, "can't parse inline keyboard button")
    return [[_button(button) for button in row] for row in rows if row]


def _button(button: Any) -> dict[str, str]:
    if not isinstance(button, dict) or not str(button.get("text", "")).strip():
        raise Refused(400, "can't parse inline keyboard button: Text buttons are unallowed")
    if "url" in button:
        return {"text": str(button["text"]), "url": str(button["url"])}
    data = str(button.get("callback_data", ""))
    if not 1 <= len(data.encode()) <= LONGEST_CALLBACK_DATA:
        raise Refused(400, "BUTTON_DATA_INVALID")
    return {"text": str(button["text"]), "callback_data": data}


def reply_keyboard(markup: Any) -> list[list[dict[str, Any]]] | None:
    """The keyboard in place of the phone's own: None leaves it as it is, empty takes it away."""
    if not isinstance(markup, dict):
        return None
    if markup.get("remove_keyboard"):
        return []
    rows = markup.get("keyboard")
    if not isinstance(rows, list):
        return None
    return [
        [button if isinstance(button, dict) else {"text": str(button)} for button in row]
        for row in rows
        if isinstance(row, list)
    ]
