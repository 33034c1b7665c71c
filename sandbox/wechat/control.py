"""Drives the WeChat double over HTTP: for the phone page, the tests and the benchmarks."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.accounts import WechatAccount
from sandbox.driving import answer, body_as, live, uploaded
from sandbox.faults import Fault
from sandbox.wechat.citizens import Citizen
from sandbox.wechat.courier import Exchange, Rules
from sandbox.wechat.errors import Refusal
from sandbox.wechat.platform import Platform
from sandbox.wechat.pushes import Twist

MOST_COPIES = 10


class NewCitizen(msgspec.Struct, kw_only=True):
    name: str


class Said(msgspec.Struct, kw_only=True):
    text: str = ""
    menu_id: str = ""  # id of the msgmenu item that was tapped
    msg_id: str = ""  # the platform's own when empty
    copies: int = 1  # the same push several times at once
    twist: Twist = Twist.NONE
    kind: str = "text"  # text | voice | location | sticker


class Happened(msgspec.Struct, kw_only=True):
    event: str
    key: str = ""


class NewRules(msgspec.Struct, kw_only=True):
    answer_within: float | None = None
    tries_on_silence: int | None = None
    tries_on_bad_answer: int | None = None
    pause: float | None = None
    msgmenu_allowed: bool | None = None


class WechatControl:
    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def routes(self) -> list[Route]:
        account = "/control/wechat/{account}"
        citizen = account + "/citizens/{openid}"
        return [
            Route(account + "/citizens", self.list_citizens, methods=["GET"]),
            Route(account + "/citizens", self.add_citizen, methods=["POST"]),
            Route(citizen + "/messages", self.say, methods=["POST"]),
            Route(citizen + "/pictures", self.send_picture, methods=["POST"]),
            Route(citizen + "/events", self.trigger, methods=["POST"]),
            Route(citizen + "/chat", self.chat, methods=["GET"]),
            Route(citizen + "/live", self.watch, methods=["GET"]),
            Route(account + "/faults", self.list_faults, methods=["GET"]),
            Route(account + "/faults", self.add_fault, methods=["POST"]),
            Route(account + "/faults", self.clear_faults, methods=["DELETE"]),
            Route(account + "/verify", self.verify, methods=["POST"]),
            Route(account + "/rules", self.change_rules, methods=["POST"]),
            Route(account + "/tokens/revoke", self.revoke_tokens, methods=["POST"]),
        ]

    # Citizens

    async def list_citizens(self, request: Request) -> Response:
        account = self._account(request)
        now = self._platform.clock.now()
        citizens = self._platform.citizens[account.id].all()
        return answer({"items": [citizen.standing(now) for citizen in citizens[-100:]]})

    async def add_citizen(self, request: Request) -> Response:
        account = self._account(request)
        name = (await body_as(request, NewCitizen)).name.strip()
        if not 1 <= len(name) <= 20:
            raise HTTPException(400, "name: 1 to 20 characters")
        citizen = self._platform.citizens[account.id].named(name)
        return answer(citizen.standing(self._platform.clock.now()), 201)

    async def say(self, request: Request) -> Response:
        account, citizen = self._citizen(request)
        said = await body_as(request, Said)
        if not 1 <= said.copies <= MOST_COPIES:
            raise HTTPException(400, f"copies: 1 to {MOST_COPIES}")
        if said.kind != "text":
            msg_id, exchange = await self._platform.send_other(account, citizen, said.kind)
            return _exchange(msg_id, exchange)
        if not said.text:
            raise HTTPException(400, "text is missing")
        if not citizen.following:
            raise HTTPException(409, "没有关注，发不出消息")
        msg_id, exchange = await self._platform.say(
            account,
            citizen,
            said.text,
            menu_id=said.menu_id,
            msg_id=said.msg_id,
            copies=said.copies,
            twist=said.twist,
        )
        return _exchange(msg_id, exchange)

    async def send_picture(self, request: Request) -> Response:
        """The image itself as the body, or a form with `file`."""
        account, citizen = self._citizen(request)
        body = await uploaded(request)
        try:
            msg_id, exchange = await self._platform.send_picture(account, citizen, body)
        except Refusal as refusal:
            raise HTTPException(400, f"图片发不出：{refusal.message}") from refusal
        return _exchange(msg_id, exchange)

    async def trigger(self, request: Request) -> Response:
        account, citizen = self._citizen(request)
        happened = await body_as(request, Happened)
        exchange = await self._platform.trigger(account, citizen, happened.event, happened.key)
        return _exchange("", exchange)

    async def chat(self, request: Request) -> Response:
        account, citizen = self._citizen(request)
        return answer(
            {
                **citizen.standing(self._platform.clock.now()),
                "title": account.title,
                "menu": self._platform.menus.of(account.id),
                "entries": list(citizen.chat.entries),
                "traffic": list(citizen.traffic),
            }
        )

    async def watch(self, request: Request) -> Response:
        _, citizen = self._citizen(request)
        return live(citizen.chat, request)

    # Faults and rules

    async def list_faults(self, request: Request) -> Response:
        return answer({"items": self._platform.faults[self._account(request).id].waiting})

    async def add_fault(self, request: Request) -> Response:
        account = self._account(request)
        fault = await body_as(request, Fault)
        self._platform.faults[account.id].add(fault)
        return answer(fault, 201)

    async def clear_faults(self, request: Request) -> Response:
        self._platform.faults[self._account(request).id].waiting.clear()
        return Response(status_code=204)

    async def verify(self, request: Request) -> Response:
        """Save the webhook's address, as an operator does in WeChat's console."""
        return answer({"verified": await self._platform.verify(self._account(request))})

    async def change_rules(self, request: Request) -> Response:
        account = self._account(request)
        wanted = await body_as(request, NewRules)
        rules: Rules = self._platform.rules[account.id]
        for name, value in msgspec.structs.asdict(wanted).items():
            if value is not None:
                setattr(rules, name, value)
        return answer(rules)

    async def revoke_tokens(self, request: Request) -> Response:
        self._platform.tokens.revoke(self._account(request))
        return Response(status_code=204)

    # Who is meant

    def _account(self, request: Request) -> WechatAccount:
        account = self._platform.accounts.get(request.path_params["account"])
        if account is None:
            raise HTTPException(404, "no such account")
        return account

    def _citizen(self, request: Request) -> tuple[WechatAccount, Citizen]:
        """The citizen; one who is new to the sandbox follows the account already."""
        account = self._account(request)
        openid = request.path_params["openid"]
        if not 4 <= len(openid) <= 64:
            raise HTTPException(400, "openid: 4 to 64 characters")
        return account, self._platform.citizens[account.id].with_openid(openid)


def _exchange(msg_id: str, exchange: Exchange) -> Response:
    reply = exchange.reply
    content: dict[str, Any] = {
        "msg_id": msg_id,
        "tries": len(exchange.attempts),
        "passive": reply.text if reply and reply.kind == "text" else None,
        "passive_kind": reply.kind if reply else "",
        "fault": exchange.fault,
        "attempts": [
            {"seconds": round(attempt.seconds, 4), "fault": attempt.fault}
            for attempt in exchange.attempts
        ],
    }
    return answer(content)
