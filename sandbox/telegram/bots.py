"""One bot and its citizens: what they do becomes an update, what the bot sends is shown."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sandbox.accounts import TelegramAccount
from sandbox.chat import Side, Tap
from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.telegram.citizens import Citizen, Citizens, Message
from sandbox.telegram.files import Files
from sandbox.telegram.mailbox import Mailbox, Pending

TYPING_LASTS = timedelta(seconds=5)
MOST_QUERIES = 500


@dataclass
class Query:
    """A button press that waits for its answer."""

    citizen: Citizen
    at: datetime
    answered: bool = False


class Bot:
    def __init__(self, account: TelegramAccount, clock: Clock, mailbox: Mailbox) -> None:
        self.account = account
        self.clock = clock
        self.mailbox = mailbox
        self.citizens = Citizens(account.bot_id)
        self.files = Files()
        self.faults = Faults()
        self.queries: OrderedDict[str, Query] = OrderedDict()

    def me(self) -> dict[str, Any]:
        return {
            "id": self.account.bot_id,
            "is_bot": True,
            "first_name": self.account.title,
            "username": f"qianmen_{self.account.hotline}_bot",
            "can_join_groups": False,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }

    # What a citizen does

    def say(self, citizen: Citizen, text: str) -> tuple[int, Pending | None]:
        content: dict[str, Any] = {"text": text}
        if text.startswith("/"):
            length = len(text.split(maxsplit=1)[0])
            content["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        return self._sent(citizen, content, kind="text", text=text)

    def send_photo(self, citizen: Citizen, body: bytes) -> tuple[int, Pending | None]:
        """Two sizes of one picture; the last one is the picture itself."""
        sizes = [{**self.files.keep(body), "width": width, "height": width} for width in (90, 1280)]
        path = self.files.page_path(sizes[-1]["file_id"])
        return self._sent(citizen, {"photo": sizes}, kind="image", picture=path)

    def send_contact(self, citizen: Citizen, user_id: int | None) -> tuple[int, Pending | None]:
        contact: dict[str, Any] = {"phone_number": "13900000000", "first_name": citizen.name}
        if user_id is not None:
            contact["user_id"] = user_id
        return self._sent(citizen, {"contact": contact}, kind="text", text="［名片］")

    def send_location(self, citizen: Citizen) -> tuple[int, Pending | None]:
        place = {"latitude": 39.9123, "longitude": 116.3661}
        return self._sent(citizen, {"location": place}, kind="text", text="［位置］")

    def send_sticker(self, citizen: Citizen) -> tuple[int, Pending | None]:
        sticker = {**self.files.keep(b"RIFF"), "type": "regular", "width": 512, "height": 512}
        return self._sent(citizen, {"sticker": sticker}, kind="text", text="［贴纸］")

    def edit(self, citizen: Citizen, message_id: int, text: str) -> Pending | None:
        """The citizen corrects a message: same id, and a date of the edit."""
        message = citizen.messages[message_id]
        message.body = {
            **message.body,
            "text": text,
            "edit_date": int(datetime.now(message.entry.at.tzinfo).timestamp()),
        }
        citizen.chat.replace(message.entry, text=text, edited=True)
        return self.mailbox.add("edited_message", message.body, f"chat:{citizen.id}")

    def press(self, citizen: Citizen, message_id: int, data: str) -> tuple[str, Pending | None]:
        """The citizen presses a button below one of the bot's messages."""
        query_id = str(secrets.randbits(60))
        self.queries[query_id] = Query(citizen, self.clock.now())
        while len(self.queries) > MOST_QUERIES:
            self.queries.popitem(last=False)
        content: dict[str, Any] = {
            "id": query_id,
            "from": citizen.user(),
            "chat_instance": str(citizen.id),
            "data": data,
        }
        known = citizen.messages.get(message_id)
        if known:
            content["message"] = known.body
        citizen.note(self.clock.now(), "收", f"callback_query {data}")
        return query_id, self.mailbox.add("callback_query", content, f"user:{citizen.id}")

    def set_blocked(self, citizen: Citizen, blocked: bool) -> Pending | None:
        status = ("member", "kicked") if blocked else ("kicked", "member")
        citizen.blocked = blocked
        text = "您已停用该机器人" if blocked else "您已重新启用该机器人"
        citizen.chat.add(at=self.clock.now(), side=Side.SYSTEM, kind="notice", text=text)
        self.tell_standing(citizen)
        content = {
            "chat": citizen.as_chat(),
            "from": citizen.user(),
            "date": _wire_time(),
            "old_chat_member": {"user": self.me(), "status": status[0]},
            "new_chat_member": {"user": self.me(), "status": status[1], "until_date": 0},
        }
        return self.mailbox.add("my_chat_member", content, f"member:{citizen.id}")

    def _sent(
        self, citizen: Citizen, content: dict[str, Any], *, kind: str, **shown: Any
    ) -> tuple[int, Pending | None]:
        message_id = citizen.next_message_id()
        entry = citizen.chat.add(
            at=self.clock.now(),
            side=Side.CITIZEN,
            kind=kind,
            message_id=str(message_id),
            **shown,
        )
        body = {
            "message_id": message_id,
            "from": citizen.user(),
            "chat": citizen.as_chat(),
            "date": _wire_time(),
            **content,
        }
        citizen.keep(message_id, Message(body, entry, from_bot=False))
        citizen.note(self.clock.now(), "收", f"message {next(iter(content))}")
        return message_id, self.mailbox.add("message", body, f"chat:{citizen.id}")

    # What the bot does

    def show(
        self,
        citizen: Citizen,
        content: dict[str, Any],
        buttons: list[list[dict[str, str]]],
        **shown: Any,
    ) -> dict[str, Any]:
        """The bot's message appears on the phone; returns it as the API does."""
        message_id = citizen.next_message_id()
        citizen.typing_until = None
        entry = citizen.chat.add(
            at=self.clock.now(),
            side=Side.ACCOUNT,
            via="api",
            message_id=str(message_id),
            taps=taps(buttons),
            **shown,
        )
        body: dict[str, Any] = {
            "message_id": message_id,
            "from": self.me(),
            "chat": citizen.as_chat(),
            "date": _wire_time(),
            **content,
        }
        if buttons:
            body["reply_markup"] = {"inline_keyboard": buttons}
        citizen.keep(message_id, Message(body, entry, from_bot=True))
        self.tell_standing(citizen)
        return body

    def tell_standing(self, citizen: Citizen) -> None:
        citizen.chat.tell("standing", citizen.standing(self.clock.now()))


def taps(buttons: list[list[dict[str, str]]]) -> tuple[Tap, ...]:
    return tuple(
        Tap(
            id=button.get("callback_data", ""),
            label=button["text"],
            url=button.get("url", ""),
            row=number,
        )
        for number, row in enumerate(buttons)
        for button in row
    )


def _wire_time() -> int:
    return int(datetime.now().astimezone().timestamp())
