"""Access tokens: the stable endpoint and the old one, each with its own tokens."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.accounts import WechatAccount
from sandbox.clock import Clock
from sandbox.wechat.errors import Refusal

LIFETIME = timedelta(seconds=7200)
OVERLAP = timedelta(minutes=5)
_BETWEEN_FORCED = timedelta(seconds=30)
_FORCED_A_DAY = 20
_LENGTH = 136
_REMEMBERED = 200


@dataclass
class Token:
    value: str
    account: WechatAccount
    ends: datetime
    killed: bool = False


class Tokens:
    def __init__(self, accounts: Mapping[str, WechatAccount], clock: Clock) -> None:
        self._accounts = {account.app_id: account for account in accounts.values()}
        self._clock = clock
        self._issued: dict[str, Token] = {}
        self._stable: dict[str, Token] = {}
        self._classic: dict[str, Token] = {}
        self._forced: dict[str, list[datetime]] = {}

    def account_by(self, app_id: str, secret: str) -> WechatAccount:
        account = self._accounts.get(app_id)
        if account is None:
            raise Refusal(40013)
        if not secrets.compare_digest(account.app_secret.encode(), secret.encode()):
            raise Refusal(40125)
        return account

    def stable(self, account: WechatAccount, *, force: bool = False) -> Token:
        """The same token until five minutes before its end; then a new one, and both are good."""
        now = self._clock.now()
        current = self._stable.get(account.id)
        if force and self._may_force(account, now):
            if current:
                current.killed = True
            current = None
        if current is None or current.killed or current.ends - now <= OVERLAP:
            current = self._stable[account.id] = self._issue(account, now)
        return current

    def classic(self, account: WechatAccount) -> Token:
        """A new token each time; the one before stays good for five minutes."""
        now = self._clock.now()
        before = self._classic.get(account.id)
        if before:
            before.ends = min(before.ends, now + OVERLAP)
        token = self._classic[account.id] = self._issue(account, now)
        return token

    def seconds_left(self, token: Token) -> int:
        return int((token.ends - self._clock.now()).total_seconds())

    def account_of(self, value: str) -> WechatAccount:
        """Whose token this is, or the refusal that WeChat would give."""
        if not value:
            raise Refusal(41001)
        if len(value) != _LENGTH:
            raise Refusal(40014)
        token = self._issued.get(value)
        if token is None or token.killed:
            raise Refusal(40001)
        if token.ends <= self._clock.now():
            raise Refusal(42001)
        return token.account

    def revoke(self, account: WechatAccount) -> None:
        """Every token of the account stops at once, as when somebody else forces a new one."""
        for token in self._issued.values():
            if token.account.id == account.id:
                token.killed = True

    def _issue(self, account: WechatAccount, now: datetime) -> Token:
        value = secrets.token_urlsafe(_LENGTH)[:_LENGTH]
        token = self._issued[value] = Token(value, account, now + LIFETIME)
        while len(self._issued) > _REMEMBERED:
            self._issued.pop(next(iter(self._issued)))
        return token

    def _may_force(self, account: WechatAccount, now: datetime) -> bool:
        forced = self._forced.setdefault(account.id, [])
        forced[:] = [at for at in forced if now - at < timedelta(days=1)]
        if len(forced) >= _FORCED_A_DAY or (forced and now - forced[-1] < _BETWEEN_FORCED):
            return False
        forced.append(now)
        return True
