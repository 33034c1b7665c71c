"""How mail goes out, as EMAIL_URL says: smtp, smtp+tls, smtp+ssl; console or file to try it out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

# Tells how far a send came, which decides whether it may be tried again.
WATCHED = "desk.supervision.smtp.WatchedBackend"
NOWHERE = "django.core.mail.backends.dummy.EmailBackend"
SECONDS = 10  # that a server may take for an answer
_TLS = frozenset({"smtp+tls", "submission", "submit"})
_SSL = frozenset({"smtp+ssl"})
_SMTP = _TLS | _SSL | {"smtp"}
_PORTS = {"smtp": 25, "smtp+tls": 587, "submission": 587, "submit": 587, "smtp+ssl": 465}


class WrongMailUrl(ValueError):
    """EMAIL_URL names a way of mailing that there is not."""


def mailer(url: str, parsed: Mapping[str, Any]) -> dict[str, Any]:
    """An entry of Django's MAILERS. `parsed`: the address as `environs` reads it."""
    if not url:
        return {"BACKEND": NOWHERE}
    scheme = urlsplit(url).scheme
    if scheme not in _SMTP:
        backend = parsed.get("EMAIL_BACKEND")
        if backend is None or scheme == "smtps":
            raise WrongMailUrl(f"EMAIL_URL: unknown scheme {scheme}; use smtp+tls://…")
        folder = {"file_path": f"/{parsed['EMAIL_FILE_PATH']}"} if scheme == "file" else {}
        return {"BACKEND": backend, "OPTIONS": folder}
    use_ssl = bool(parsed["EMAIL_USE_SSL"]) or scheme in _SSL
    return {
        "BACKEND": WATCHED,
        "OPTIONS": {
            "host": parsed["EMAIL_HOST"] or "localhost",
            "port": parsed["EMAIL_PORT"] or _PORTS[scheme],
            "username": parsed["EMAIL_HOST_USER"] or "",
            "password": parsed["EMAIL_HOST_PASSWORD"] or "",
            "use_tls": not use_ssl and (bool(parsed["EMAIL_USE_TLS"]) or scheme in _TLS),
            "use_ssl": use_ssl,
            "timeout": parsed["EMAIL_TIMEOUT"] or SECONDS,
        },
    }


def sender(url: str, host: str) -> str:
    """The address that letters come from: `_default_from_email` of the URL, or its user."""
    split = urlsplit(url)
    named = parse_qs(split.query).get("_default_from_email")
    if named:
        return named[0]
    user = unquote(split.username or "")
    return user if "@" in user else f"qianmen@{host}"
