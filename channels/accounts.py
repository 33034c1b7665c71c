"""The accounts that citizens write to, read from `channels.toml` and checked together.

A value ``env:NAME`` comes from the environment. A fault names its account and key, never a value:
values are secrets.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import structlog

from environment.settings import PRODUCTION, Settings

log = structlog.get_logger(__name__)
_FROM_ENVIRONMENT = "env:"
TEMPLATES = ("case_progress",)
_TEMPLATE_FIELD = re.compile(
    r"(?:thing|phrase|character_string|time|date|const|number|short_thing)\d{1,3}"
)
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_HOTLINE = re.compile(r"[a-z0-9][a-z0-9-]{2,19}")  # a number, or a name as mentougou
_GUESSABLE = frozenset({"", "secret", "token", "test", "changeme", "change-me", "password"})


class AccountsError(ValueError):
    """`channels.toml` cannot be used; `faults` says what to mend, a line each."""

    def __init__(self, file: Path, faults: list[str]) -> None:
        self.faults = faults
        super().__init__(f"{file}: " + "; ".join(faults))


class _Base(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="channel"
):
    id: str
    hotline: str
    name: str = ""  # what a citizen reads above the chat

    def __repr__(self) -> str:
        return f"<account {self.id}>"

    @property
    def title(self) -> str:
        return self.name or f"{self.hotline} 热线"


class TemplateFields(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A template message of the account, and which of its fields says what. Empty: it has none.

    The names are those of the template as the platform shows it: their letters say what they take.
    """

    id: str
    number: str = "character_string1"
    about: str = "thing2"
    stage: str = "phrase3"
    at: str = "time4"

    @property
    def fields(self) -> dict[str, str]:
        """What it says, by the names that the desk uses; without those that it has not."""
        named = {"number": self.number, "about": self.about, "stage": self.stage, "at": self.at}
        return {name: field for name, field in named.items() if field}


class WeChatAccount(_Base, frozen=True, kw_only=True, tag="wechat"):
    app_id: str
    app_secret: str
    token: str
    encoding_aes_key: str = ""  # empty: plain mode
    previous_encoding_aes_key: str = ""  # still accepted while the key is being changed
    api_base: str = "https://api.weixin.qq.com"
    templates: dict[str, str | TemplateFields] = {}

    @property
    def channel(self) -> str:
        return "wechat"

    def template(self, name: str) -> TemplateFields | None:
        """An id alone is that of a template with the usual four fields."""
        found = self.templates.get(name)
        return TemplateFields(id=found) if isinstance(found, str) else found

    @property
    def is_safe(self) -> bool:
        return bool(self.encoding_aes_key)


class TelegramAccount(_Base, frozen=True, kw_only=True, tag="telegram"):
    bot_token: str
    secret_token: str = ""
    previous_secret_token: str = ""
    mode: str = "webhook"
    api_base: str = "https://api.telegram.org"

    @property
    def channel(self) -> str:
        return "telegram"

    @property
    def bot_id(self) -> str:
        """Update ids belong to a bot: another bot starts another row of numbers."""
        return self.bot_token.partition(":")[0]


class WebAccount(_Base, frozen=True, kw_only=True, tag="webchat"):
    @property
    def channel(self) -> str:
        return "webchat"


type Account = WeChatAccount | TelegramAccount | WebAccount


def accounts_or_exit(settings: Settings) -> dict[str, Account]:
    """The accounts of this process; ends it with 2, and every fault in the log, without them."""
    try:
        return read_accounts(
            settings.channels_file, os.environ, production=settings.environment == PRODUCTION
        )
    except AccountsError as error:
        log.error("accounts.refused", faults=error.faults, file=str(settings.channels_file))
        raise SystemExit(2) from error


def read_accounts(
    file: Path, environ: Mapping[str, str], *, production: bool
) -> dict[str, Account]:
    """All accounts by id.

    Raises `AccountsError` with every fault, each with the account and the key to look at.
    """
    tables = list(_tables(file))
    accounts: dict[str, Account] = {}
    faults: list[str] = []
    for place, table in enumerate(tables, start=1):
        label = f"account {table.get('id') or f'number {place}'}"
        account, found = _read_one(table, environ)
        if account is not None:
            found += [*_faults(account), *(_production_faults(account) if production else ())]
            if account.id in accounts:
                found.append("id: used twice")
            accounts[account.id] = account
        faults += [f"{label}: {fault}" for fault in found]
    if faults:
        raise AccountsError(file, faults)
    return accounts


def _tables(file: Path) -> Iterator[dict[str, Any]]:
    try:
        document = tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError as error:
        raise AccountsError(file, ["no such file; QIANMEN_CHANNELS names another"]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AccountsError(file, [f"not TOML: {error}"]) from error
    tables = document.get("account")
    if not isinstance(tables, list) or not tables:
        raise AccountsError(file, ["no [[account]] in it"])
    yield from tables


def _read_one(
    table: dict[str, Any], environ: Mapping[str, str]
) -> tuple[Account | None, list[str]]:
    resolved, faults = {}, []
    for key, value in table.items():
        if isinstance(value, str) and value.startswith(_FROM_ENVIRONMENT):
            name = value.removeprefix(_FROM_ENVIRONMENT)
            if not environ.get(name):
                faults.append(f"{key}: the environment has no {name}")
            value = environ.get(name, "")
        resolved[key] = value
    try:
        account: Account = msgspec.convert(resolved, Account.__value__)
    except msgspec.ValidationError as error:
        # msgspec says the key and the type, and of values only an unknown channel's name.
        return None, [*faults, str(error)]
    return account, faults


def _faults(account: Account) -> Iterator[str]:
    if not _ID.fullmatch(account.id):
        yield "id: lower-case letters, digits and hyphens, at most 63"
    if not _HOTLINE.fullmatch(account.hotline):
        yield "hotline: its code at the desk, 3 to 20 lower-case letters, digits and hyphens"
    if isinstance(account, WeChatAccount):
        # An empty token makes every signature a known one.
        yield from (f"{key}: empty" for key in ("app_id", "token") if not getattr(account, key))
        for key in ("encoding_aes_key", "previous_encoding_aes_key"):
            if not _is_aes_key(getattr(account, key)):
                yield f"{key}: 43 letters and digits"
        yield from _template_faults(account)
        yield from _address_faults(account.api_base)
    if isinstance(account, TelegramAccount):
        if not re.fullmatch(r"\d+:[A-Za-z0-9_-]+", account.bot_token):
            yield "bot_token: digits, a colon, and letters"
        if account.mode not in ("webhook", "polling"):
            yield "mode: webhook or polling"
        if account.mode == "webhook" and not account.secret_token:
            yield "secret_token: empty, so that anybody could post updates"
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", account.secret_token):
            yield "secret_token: at most 256 of A-Z a-z 0-9 _ -"
        yield from _address_faults(account.api_base)


def _template_faults(account: WeChatAccount) -> Iterator[str]:
    for name in account.templates:
        template = account.template(name)
        if name not in TEMPLATES:
            yield f"templates.{name}: there is only {', '.join(TEMPLATES)}"
        elif template is None or not template.id:
            yield f"templates.{name}: its id is empty"
        else:
            for said, field in template.fields.items():
                if not _TEMPLATE_FIELD.fullmatch(field):
                    yield (
                        f"templates.{name}.{said}: a field as thing2, phrase3, "
                        "character_string1 or time4"
                    )


def _is_aes_key(key: str) -> bool:
    if not key:
        return True
    try:
        return len(base64.b64decode(key + "=", validate=True)) == 32
    except binascii.Error:
        return False


def _address_faults(address: str) -> Iterator[str]:
    if not re.fullmatch(r"https?://[^/?#\s]+(/[^?#\s]*)?", address) or address.endswith("/"):
        yield "api_base: an http address without a slash at its end"


def _production_faults(account: Account) -> Iterator[str]:
    if isinstance(account, WebAccount):
        return
    if not account.api_base.startswith("https://"):
        yield "api_base: only https in production"
    if isinstance(account, WeChatAccount):
        if not account.is_safe:
            yield (
                "encoding_aes_key: plain mode is refused in production, since its signature "
                "does not cover what is sent"
            )
        for key in ("app_secret", "token"):
            if _is_guessable(getattr(account, key)):
                yield f"{key}: missing or a default"
    elif account.mode == "webhook" and _is_guessable(account.secret_token):
        yield "secret_token: missing or a default"


def _is_guessable(secret: str) -> bool:
    return secret.lower() in _GUESSABLE or secret.lower().startswith("demo")
