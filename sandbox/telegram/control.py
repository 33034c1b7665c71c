"""Drives the Telegram double over HTTP: for its phone page, the tests and the benchmarks."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.driving import answer, body_as, live, uploaded
from sandbox.faults import Fault
from sandbox.telegram.bots import Bot
from sandbox.telegram.citizens import Citizen
from sandbox.telegram.mailbox import Pending
from sandbox.telegram.platform import Platform
from sandbox.wechat.media import LARGEST_IMAGE, image_suffix

_PATIENCE = 10.0  # how long a call waits for the bot to take the update; it is tried on after that


class NewCitizen(msgspec.Struct, kw_only=True):
    name: str


class Said(msgspec.Struct, kw_only=True):
    text: str = ""
    kind: str = "text"  # text | contact | location | sticker
    contact_of: int | None = None  # whose contact it is; not given: nobody's account
    edits: int = 0  # the message that this corrects


class Pressed(msgspec.Struct, kw_only=True):
    message_id: int
    data: str


class Happened(msgspec.Struct, kw_only=True):
    event: str  # block | unblock


class TelegramControl:
    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def routes(self) -> list[Route]:
        account = "/control/telegram/{account}"
        citizen = account + "/citizens/{id:int}"
        return [
            Route(account + "/citizens", self.list_citizens, methods=["GET"]),
            Route(account + "/citizens", self.add_citizen, methods=["POST"]),
            Route(citizen + "/messages", self.say, methods=["POST"]),
            Route(citizen + "/pictures", self.send_photo, methods=["POST"]),
            Route(citizen + "/taps", self.press, methods=["POST"]),
            Route(citizen + "/events", self.trigger, methods=["POST"]),
            Route(citizen + "/chat", self.chat, methods=["GET"]),
            Route(citizen + "/live", self.watch, methods=["GET"]),
            Route(account + "/faults", self.add_fault, methods=["POST"]),
            Route(account + "/faults", self.clear_faults, methods=["DELETE"]),
        ]

    async def list_citizens(self, request: Request) -> Response:
        bot = self._bot(request)
        now = bot.clock.now()
        return answer({"items": [one.standing(now) for one in bot.citizens.all()[-100:]]})

    async def add_citizen(self, request: Request) -> Response:
        bot = self._bot(request)
        name = (await body_as(request, NewCitizen)).name.strip()
        if not 1 <= len(name) <= 20:
            raise HTTPException(400, "name: 1 to 20 characters")
        return answer(bot.citizens.named(name).standing(bot.clock.now()), 201)

    async def say(self, request: Request) -> Response:
        bot, citizen = self._citizen(request)
        said = await body_as(request, Said)
        if citizen.blocked:
            raise HTTPException(409, "已停用该机器人，发不出消息")
        if said.edits:
            if said.edits not in citizen.messages:
                raise HTTPException(404, "no such message")
            return await _delivered(said.edits, bot.edit(citizen, said.edits, said.text))
        match said.kind:
            case "contact":
                number, pending = bot.send_contact(citizen, said.contact_of)
            case "location":
                number, pending = bot.send_location(citizen)
            case "sticker":
                number, pending = bot.send_sticker(citizen)
            case _ if said.text:
                number, pending = bot.say(citizen, said.text)
            case _:
                raise HTTPException(400, "text is missing")
        return await _delivered(number, pending)

    async def send_photo(self, request: Request) -> Response:
        bot, citizen = self._citizen(request)
        body = await uploaded(request)
        if len(body) > LARGEST_IMAGE or not image_suffix(body):
            raise HTTPException(400, "图片发不出：要 PNG、JPEG 或 GIF，10 MB 以内")
        number, pending = bot.send_photo(citizen, body)
        return await _delivered(number, pending)

    async def press(self, request: Request) -> Response:
        bot, citizen = self._citizen(request)
        pressed = await body_as(request, Pressed)
        _, pending = bot.press(citizen, pressed.message_id, pressed.data)
        return await _delivered(pressed.message_id, pending)

    async def trigger(self, request: Request) -> Response:
        bot, citizen = self._citizen(request)
        event = (await body_as(request, Happened)).event
        if event not in ("block", "unblock"):
            raise HTTPException(400, "event: block or unblock")
        return await _delivered(0, bot.set_blocked(citizen, event == "block"))

    async def chat(self, request: Request) -> Response:
        bot, citizen = self._citizen(request)
        return answer(
            {
                **citizen.standing(bot.clock.now()),
                "title": bot.account.title,
                "entries": list(citizen.chat.entries),
                "traffic": list(citizen.traffic),
            }
        )

    async def watch(self, request: Request) -> Response:
        _, citizen = self._citizen(request)
        return live(citizen.chat, request)

    async def add_fault(self, request: Request) -> Response:
        bot = self._bot(request)
        fault = await body_as(request, Fault)
        fault.endpoint = fault.endpoint.lower()
        bot.faults.add(fault)
        return answer(fault, 201)

    async def clear_faults(self, request: Request) -> Response:
        self._bot(request).faults.waiting.clear()
        return Response(status_code=204)

    def _bot(self, request: Request) -> Bot:
        bot = self._platform.bots.get(request.path_params["account"])
        if bot is None:
            raise HTTPException(404, "no such account")
        return bot

    def _citizen(self, request: Request) -> tuple[Bot, Citizen]:
        bot = self._bot(request)
        return bot, bot.citizens.with_id(request.path_params["id"])


async def _delivered(message_id: int, pending: Pending | None) -> Response:
    """Answer when the bot has taken the update, or after a while when it has not."""
    content: dict[str, Any] = {"message_id": message_id, "update_id": None, "delivered": False}
    if pending is None:  # a kind that this bot does not ask for
        return answer({**content, "tries": 0})
    try:
        async with asyncio.timeout(_PATIENCE):
            await pending.done.wait()
    except TimeoutError:
        pass
    content["update_id"] = pending.update["update_id"]
    return answer({**content, "tries": pending.tries, "delivered": pending.delivered})
