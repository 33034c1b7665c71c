"""How every process logs: one line an event, and never a citizen's number or a secret in it.

Redaction runs last, over the finished values, so that an exception's text is covered too.
"""

from __future__ import annotations

import logging
import re
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

_LONG_NUMBER = re.compile(r"(?<![A-Za-z0-9_.])\+?(?:\d[ -]?){9,18}[\dXx](?![A-Za-z0-9_.])")
_SECRET_IN_ADDRESS = re.compile(
    r"(?i)\b(access_token|appsecret|secret|signature|msg_signature|openid|token|key)=[^&\s\"']+"
)
_TELEGRAM_TOKEN = re.compile(r"(?<!\d)\d{6,12}:[A-Za-z0-9_-]{30,}")
_PASSWORD_IN_ADDRESS = re.compile(r"://([^:/@\s]*):[^@/\s]+@")


def redact(text: str) -> str:
    """The text without phones, identity and card numbers, tokens and passwords."""
    text = _TELEGRAM_TOKEN.sub("<token>", text)
    text = _SECRET_IN_ADDRESS.sub(r"\1=<secret>", text)
    text = _PASSWORD_IN_ADDRESS.sub(r"://\1:<secret>@", text)
    return _LONG_NUMBER.sub("<number>", text)


# Ours, and needed to follow a message through the parts; they hold digits but nobody's number.
_OWN_NAMES = frozenset({"timestamp", "message_id", "outbound", "conversation", "case"})


def redact_event(_logger: Any, _method: str, event: EventDict) -> EventDict:
    return {
        name: value if name in _OWN_NAMES else _redact_value(value) for name, value in event.items()
    }


def _redact_value(value: Any) -> Any:
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, dict):
        return {key: _redact_value(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_redact_value(inner) for inner in value]
    if value is None or isinstance(value, bool | float):
        return value
    return redact(str(value))


def configure_logs(form: str, level: int = logging.INFO) -> None:
    """Set up logging for this process; `form` is ``console`` or ``json``."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        redact_event,
    ]
    last: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared[:-1], _to_stdlib],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.stdlib.ExtraAdder(),
                *shared[:-1],
            ],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                redact_event,
                last,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # httpx writes each request's whole address at INFO, tokens included.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    # Wagtail logs each saved version; the history in the database holds them already.
    logging.getLogger("wagtail").setLevel(logging.WARNING)
    logging.getLogger("django_tasks").setLevel(logging.WARNING)


_to_stdlib = structlog.stdlib.ProcessorFormatter.wrap_for_formatter
