"""The accounts that the doubles play, read from the same `channels.toml` as the gateway.

An account whose `api_base` is a real platform is left alone: a message made up here must never be
answered to a real person.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

# The demo's hotlines by their public names; another one is shown by its number.
_DISTRICTS = {
    "12345": "北京",
    "12341": "西城",
    "96105": "朝阳",
    "96181": "海淀",
    "13910001000": "东城",
    "58905890": "昌平",
    "mentougou": "门头沟",
    "huairou": "怀柔",
    "shijingshan": "石景山",
    "69112345": "延庆",
}


class AccountsError(ValueError):
    """The channels file cannot be used; the text names the account and the key."""


@dataclass(frozen=True, kw_only=True)
class _Account:
    id: str
    hotline: str

    @property
    def title(self) -> str:
        district = _DISTRICTS.get(self.hotline)
        if district and not self.hotline.isdigit():  # a line without a number of its own
            return f"{district}热线"
        return f"{district} {self.hotline}" if district else f"{self.hotline} 热线"


@dataclass(frozen=True, kw_only=True)
class WechatAccount(_Account):
    app_id: str
    app_secret: str = field(repr=False)
    token: str = field(repr=False)
    encoding_aes_key: str = field(default="", repr=False)  # empty: plain mode
    templates: Mapping[str, str] = field(default_factory=dict)  # ids by name
    template_fields: Mapping[str, frozenset[str]] = field(default_factory=dict)  # by id

    @property
    def original_id(self) -> str:
        """The `gh_…` name by which messages address the account; it is not the app id."""
        return "gh_" + hashlib.sha256(self.app_id.encode()).hexdigest()[:12]

    @property
    def is_safe(self) -> bool:
        return bool(self.encoding_aes_key)


@dataclass(frozen=True, kw_only=True)
class TelegramAccount(_Account):
    bot_token: str = field(repr=False)
    secret_token: str = field(default="", repr=False)
    mode: str = "webhook"

    @property
    def bot_id(self) -> int:
        return int(self.bot_token.split(":", 1)[0])


@dataclass(frozen=True, kw_only=True)
class WebchatAccount(_Account):
    pass


@dataclass(frozen=True, kw_only=True)
class Accounts:
    """Keyed by id, in the order of the file."""

    wechat: Mapping[str, WechatAccount]
    telegram: Mapping[str, TelegramAccount]
    webchat: Mapping[str, WebchatAccount]


def read_accounts(path: Path, environment: Mapping[str, str]) -> Accounts:
    """The accounts that are the sandbox's to play."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise AccountsError(f"{path} is not there: set QIANMEN_CHANNELS") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AccountsError(f"{path} is not TOML: {error}") from error

    wechat: dict[str, WechatAccount] = {}
    telegram: dict[str, TelegramAccount] = {}
    webchat: dict[str, WebchatAccount] = {}
    for row in content.get("account", []):
        entry = _Entry(row, environment)
        match entry.text("channel"):
            case "wechat" if entry.is_ours():
                wechat[entry.text("id")] = _wechat(entry)
            case "telegram" if entry.is_ours():
                telegram[entry.text("id")] = _telegram(entry)
            case "webchat":
                webchat[entry.text("id")] = WebchatAccount(
                    id=entry.text("id"), hotline=entry.text("hotline")
                )
            case "wechat" | "telegram":
                pass
            case other:
                raise AccountsError(f"{entry.name}: channel {other!r} is unknown")
    return Accounts(wechat=wechat, telegram=telegram, webchat=webchat)


def _wechat(entry: _Entry) -> WechatAccount:
    key = entry.text("encoding_aes_key", "")
    if key and len(key) != 43:
        raise AccountsError(f"{entry.name}: encoding_aes_key must have 43 characters")
    templates = list(_templates(entry))
    return WechatAccount(
        id=entry.text("id"),
        hotline=entry.text("hotline"),
        app_id=entry.text("app_id"),
        app_secret=entry.text("app_secret"),
        token=entry.text("token"),
        encoding_aes_key=key,
        templates={name: id for name, id, _fields in templates},
        template_fields={id: fields for _name, id, fields in templates if fields},
    )


def _templates(entry: _Entry) -> Iterator[tuple[str, str, frozenset[str]]]:
    """Name, id, and the fields where the file tells them: an id alone tells none."""
    for name, told in entry.row.get("templates", {}).items():
        if isinstance(told, str):
            yield name, told, frozenset()
        elif isinstance(told, dict) and isinstance(told.get("id"), str):
            yield name, told["id"], frozenset(told.values()) - {told["id"], ""}
        else:
            raise AccountsError(f"{entry.name}: templates.{name} has no id")


def _telegram(entry: _Entry) -> TelegramAccount:
    token = entry.text("bot_token")
    number, _, secret = token.partition(":")
    if not (number.isdecimal() and secret):
        raise AccountsError(f"{entry.name}: bot_token must look like 123456:ABC…")
    mode = entry.text("mode", "webhook")
    if mode not in ("webhook", "polling"):
        raise AccountsError(f"{entry.name}: mode must be webhook or polling")
    return TelegramAccount(
        id=entry.text("id"),
        hotline=entry.text("hotline"),
        bot_token=token,
        secret_token=entry.text("secret_token", ""),
        mode=mode,
    )


@dataclass(frozen=True)
class _Entry:
    row: Mapping[str, Any]
    environment: Mapping[str, str]

    @property
    def name(self) -> str:
        return f"account {self.row.get('id', '?')}"

    def text(self, key: str, default: str | None = None) -> str:
        """The key's value, with `env:NAME` read from the environment."""
        value = self.row.get(key, default)
        if not isinstance(value, str) or (not value and default is None):
            raise AccountsError(f"{self.name}: {key} is missing")
        if not value.startswith("env:"):
            return value
        variable = value.removeprefix("env:")
        found = self.environment.get(variable, "")
        if not found:
            raise AccountsError(f"{self.name}: {key} reads {variable}, which is not set")
        return found

    def is_ours(self) -> bool:
        """Only a platform on this machine can be the sandbox."""
        host = urlsplit(self.text("api_base", "")).hostname or ""
        if host == "localhost":
            return True
        try:
            return ip_address(host).is_loopback
        except ValueError:
            return False
