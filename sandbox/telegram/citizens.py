"""Citizens as one bot knows them: a private chat each."""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from sandbox.chat import Chat, Entry

MOST_CITIZENS = 3_000
MOST_MESSAGES = 200


@dataclass
class Message:
    """A message as the bot's API shows it, and its line on the phone."""

    body: dict[str, Any]
    entry: Entry
    from_bot: bool


@dataclass(eq=False)
class Citizen:
    id: int
    name: str
    blocked: bool = False
    chat: Chat = field(default_factory=Chat)
    messages: OrderedDict[int, Message] = field(default_factory=OrderedDict)
    keyboard: list[list[dict[str, Any]]] = field(default_factory=list)
    typing_until: datetime | None = None
    traffic: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=120))
    last_message: int = 0

    def next_message_id(self) -> int:
        """Rising, with gaps: other chats of the same bot use numbers up too."""
        self.last_message += 1 + secrets.randbelow(3)
        return self.last_message

    def keep(self, message_id: int, message: Message) -> None:
        self.messages[message_id] = message
        while len(self.messages) > MOST_MESSAGES:
            self.messages.popitem(last=False)

    def note(self, at: datetime, way: str, text: str, *, bad: bool = False) -> None:
        line = {"at": at, "way": way, "text": text, "bad": bad}
        self.traffic.append(line)
        self.chat.tell("traffic", line)

    def user(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "is_bot": False,
            "first_name": self.name,
            "language_code": "zh-hans",
        }

    def as_chat(self) -> dict[str, Any]:
        return {"id": self.id, "first_name": self.name, "type": "private"}

    def standing(self, now: datetime) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "blocked": self.blocked,
            "keyboard": self.keyboard,
            "typing": bool(self.typing_until and self.typing_until > now),
            "now": now,
        }


class Kept(msgspec.Struct, kw_only=True):
    """What a later start still knows of a citizen."""

    id: int
    name: str
    blocked: bool
    keyboard: list[list[dict[str, Any]]]
    last_message: int
    entries: list[Entry]


class Citizens:
    def __init__(self, bot_id: int) -> None:
        self._bot_id = bot_id
        self._known: OrderedDict[int, Citizen] = OrderedDict()

    def named(self, name: str) -> Citizen:
        seed = hashlib.sha256(f"{self._bot_id}\0{name}".encode()).digest()
        return self.with_id(100_000_000 + int.from_bytes(seed[:4], "big"), name)

    def with_id(self, id: int, name: str = "") -> Citizen:
        citizen = self._known.get(id)
        if citizen is None:
            citizen = self._known[id] = Citizen(id, name or f"市民 {str(id)[-4:]}")
            while len(self._known) > MOST_CITIZENS:
                self._known.popitem(last=False)
        self._known.move_to_end(id)
        return citizen

    def find(self, id: int) -> Citizen | None:
        return self._known.get(id)

    def all(self) -> list[Citizen]:
        return list(self._known.values())

    def keep(self, most: int) -> list[Kept]:
        """Those who were seen last."""
        return [
            Kept(
                id=citizen.id,
                name=citizen.name,
                blocked=citizen.blocked,
                keyboard=citizen.keyboard,
                last_message=citizen.last_message,
                entries=list(citizen.chat.entries),
            )
            for citizen in self.all()[-most:]
        ]

    def restore(self, kept: list[Kept]) -> None:
        for one in kept:
            citizen = self.with_id(one.id, one.name)
            citizen.blocked = one.blocked
            citizen.keyboard = one.keyboard
            citizen.last_message = one.last_message
            citizen.chat.restore(one.entries)
