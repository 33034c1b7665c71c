"""Citizens as one account knows them: an openid each, what they see, what they may be sent."""

from __future__ import annotations

import base64
import hashlib
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from sandbox.accounts import WechatAccount
from sandbox.chat import Chat, Entry
from sandbox.wechat.quota import Allowance, Grant, Ground

MOST_CITIZENS = 3_000
MOST_TRAFFIC = 120


@dataclass(eq=False)
class Citizen:
    openid: str
    name: str
    following: bool = True
    chat: Chat = field(default_factory=Chat)
    allowance: Allowance = field(default_factory=Allowance)
    last_contact: datetime | None = None
    typing_until: datetime | None = None
    longest: int = 0  # bytes of the longest text that the account has sent
    faults: int = 0
    traffic: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=MOST_TRAFFIC))

    def note(self, at: datetime, way: str, text: str, *, bad: bool = False) -> None:
        """A line of what went between platform and account, for the page beside the phone."""
        line = {"at": at, "way": way, "text": text, "bad": bad}
        self.traffic.append(line)
        self.chat.tell("traffic", line)

    def standing(self, now: datetime) -> dict[str, Any]:
        """How the citizen stands with the account at this moment."""
        return {
            "openid": self.openid,
            "name": self.name,
            "following": self.following,
            "left": self.allowance.left(now),
            "grants": self.allowance.standing(now),
            "typing": bool(self.typing_until and self.typing_until > now),
            "longest": self.longest,
            "faults": self.faults,
            "now": now,
        }


class Kept(msgspec.Struct, kw_only=True):
    """What a later start still knows of a citizen."""

    openid: str
    name: str
    following: bool
    grants: dict[Ground, Grant]
    last_contact: datetime | None
    entries: list[Entry]


class Citizens:
    """The citizens of one account; who was not seen for longest is forgotten first."""

    def __init__(self, account: WechatAccount) -> None:
        self._account = account
        self._known: OrderedDict[str, Citizen] = OrderedDict()

    def named(self, name: str) -> Citizen:
        """The citizen of that name; their openid is the same after each start."""
        seed = hashlib.sha256(f"{self._account.app_id}\0{name}".encode()).digest()
        openid = "o" + base64.urlsafe_b64encode(seed).decode()[:27]
        return self.with_openid(openid, name)

    def with_openid(self, openid: str, name: str = "") -> Citizen:
        citizen = self._known.get(openid)
        if citizen is None:
            citizen = self._known[openid] = Citizen(openid, name or f"市民 {openid[-4:]}")
            while len(self._known) > MOST_CITIZENS:
                self._known.popitem(last=False)
        self._known.move_to_end(openid)
        return citizen

    def find(self, openid: str) -> Citizen | None:
        return self._known.get(openid)

    def all(self) -> list[Citizen]:
        return list(self._known.values())

    def keep(self, most: int) -> list[Kept]:
        """Those who were seen last."""
        return [
            Kept(
                openid=citizen.openid,
                name=citizen.name,
                following=citizen.following,
                grants=citizen.allowance.grants,
                last_contact=citizen.last_contact,
                entries=list(citizen.chat.entries),
            )
            for citizen in self.all()[-most:]
        ]

    def restore(self, kept: list[Kept]) -> None:
        for one in kept:
            citizen = self.with_openid(one.openid, one.name)
            citizen.following = one.following
            citizen.allowance = Allowance(one.grants)
            citizen.last_contact = one.last_contact
            citizen.chat.restore(one.entries)
