"""Hands one message to the mail server, and says what may be done when that fails.

Once the message itself is under way (DATA), a lost connection says nothing: it may have been taken.
"""

from __future__ import annotations

import smtplib
from collections.abc import Mapping
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

_TEMPORARY = range(400, 500)


class MailError(Exception):
    """The message is not known to be with the server. The subclass says what to do next."""

    @property
    def reason(self) -> str:
        return " ".join(str(self).split())[:200]


class Refused(MailError):
    """Never: the server does not take it."""


class Later(MailError):
    """Not yet: certainly not sent, worth another try."""


class Unreachable(Later):
    """The server cannot be reached or does not let us in: nothing else goes out now either."""


class Unknown(MailError):
    """Perhaps: the connection was lost while the server had the message."""


class _Watched:
    """What a connection remembers of its message: how far it came, and who was refused."""

    has_begun = False
    refused: Mapping[str, tuple[int, bytes]] = {}

    def data(self, msg: Any) -> tuple[int, bytes]:
        self.has_begun = True
        return super().data(msg)  # type: ignore[misc]

    def sendmail(self, *args: Any, **more: Any) -> Any:
        self.has_begun = False
        self.refused = super().sendmail(*args, **more)  # type: ignore[misc]
        return self.refused


class _Plain(_Watched, smtplib.SMTP):
    pass


class _Sealed(_Watched, smtplib.SMTP_SSL):
    pass


class WatchedBackend(EmailBackend):
    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _Sealed if self.use_ssl else _Plain


def connect(backend: BaseEmailBackend) -> None:
    """Raises `Unreachable`."""
    try:
        backend.open()
    except (OSError, smtplib.SMTPException) as error:
        raise Unreachable(_said(error)) from error


def hand_over(backend: BaseEmailBackend, message: EmailMessage) -> str:
    """Send one message over an open connection; returns who was refused, for most nobody.

    Raises `MailError`; nothing else.
    """
    try:
        backend.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        answers = list(error.recipients.values())
        kind = Later if all(code in _TEMPORARY for code, _words in answers) else Refused
        raise kind(_refusals(error.recipients)) from error
    except smtplib.SMTPResponseException as error:  # the sender, DATA, or the message itself
        raise (Later if error.smtp_code in _TEMPORARY else Refused)(_said(error)) from error
    except (OSError, smtplib.SMTPException) as error:
        raise (Unknown if _has_begun(backend) else Unreachable)(_said(error)) from error
    except ValueError as error:  # an address that no server could read
        raise Refused(str(error)) from error
    connection = getattr(backend, "connection", None)
    return _refusals(connection.refused) if isinstance(connection, _Watched) else ""


def leave(backend: BaseEmailBackend) -> None:
    """Whatever was handed over stays so, however the server says goodbye."""
    try:
        backend.close()
    except (OSError, smtplib.SMTPException):
        return


def _has_begun(backend: BaseEmailBackend) -> bool:
    connection = getattr(backend, "connection", None)
    return isinstance(connection, _Watched) and connection.has_begun


def _refusals(refused: Mapping[str, tuple[int, bytes]]) -> str:
    return "; ".join(
        f"{address}: {code} {_text(words)}" for address, (code, words) in refused.items()
    )


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return f"{type(error).__name__}: {error}"


def _text(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words
