"""The platform's API under `/cgi-bin/`. Errors are HTTP 200 with a number, as WeChat's are."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.accounts import WechatAccount
from sandbox.faults import through
from sandbox.wechat.errors import Refusal
from sandbox.wechat.media import CONTENT_TYPES
from sandbox.wechat.platform import Platform
from sandbox.wechat.sending import read_json, recipient, send
from sandbox.wechat.templates import visible_rows

type Authorised = Callable[[Request, WechatAccount], Awaitable[Response]]

_TYPING_LASTS = timedelta(seconds=15)
_CONTACT_WITHIN = timedelta(seconds=30)


class WechatApi:
    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def routes(self) -> list[Route]:
        return [
            Route("/cgi-bin/stable_token", self.stable_token, methods=["POST"]),
            Route("/cgi-bin/token", self.classic_token, methods=["GET"]),
            self._route("message/custom/send", "custom_send", self.custom_send, "POST"),
            self._route("message/custom/typing", "custom_typing", self.custom_typing, "POST"),
            self._route("message/template/send", "template_send", self.template_send, "POST"),
            self._route("media/upload", "media_upload", self.media_upload, "POST"),
            self._route("media/get", "media_get", self.media_get, "GET"),
            self._route("menu/create", "menu_create", self.menu_create, "POST"),
            self._route("menu/get", "menu_get", self.menu_get, "GET"),
            self._route("menu/delete", "menu_delete", self.menu_delete, "GET"),
            self._route("getcallbackip", "getcallbackip", self.callback_ips, "GET"),
            Route("/cgi-bin/{path:path}", self.unknown, methods=["GET", "POST"]),
            Route("/wechat/pictures/{media_id}", self.picture),
        ]

    # Tokens

    async def stable_token(self, request: Request) -> Response:
        try:
            content = read_json(await request.body())
            account = self._credentials(
                content.get("grant_type"), content.get("appid"), content.get("secret")
            )
        except Refusal as refusal:
            return refusal.response()

        async def answer(request: Request) -> Response:
            token = self._platform.tokens.stable(
                account, force=content.get("force_refresh") is True
            )
            return self._token(token.value, self._platform.tokens.seconds_left(token))

        return await self._faulty(request, account, "token", answer)

    async def classic_token(self, request: Request) -> Response:
        query = request.query_params
        try:
            account = self._credentials(
                query.get("grant_type"), query.get("appid"), query.get("secret")
            )
        except Refusal as refusal:
            return refusal.response()

        async def answer(request: Request) -> Response:
            token = self._platform.tokens.classic(account)
            return self._token(token.value, self._platform.tokens.seconds_left(token))

        return await self._faulty(request, account, "token", answer)

    def _credentials(self, grant_type: Any, app_id: Any, secret: Any) -> WechatAccount:
        if grant_type != "client_credential":
            raise Refusal(40002, "invalid grant_type")
        return self._platform.tokens.account_by(str(app_id or ""), str(secret or ""))

    @staticmethod
    def _token(value: str, seconds: int) -> Response:
        return JSONResponse({"access_token": value, "expires_in": seconds})

    # Messages

    async def custom_send(self, request: Request, account: WechatAccount) -> Response:
        send(self._platform, account, read_json(await request.body()))
        return _ok()

    async def custom_typing(self, request: Request, account: WechatAccount) -> Response:
        content = read_json(await request.body())
        citizen = recipient(self._platform, account, content)
        now = self._platform.clock.now()
        command = content.get("command")
        if command not in ("Typing", "CancelTyping"):
            raise Refusal(45072)
        if citizen.last_contact is None or now - citizen.last_contact > _CONTACT_WITHIN:
            raise Refusal(45080)
        if command == "CancelTyping":
            citizen.typing_until = None
        elif citizen.typing_until and citizen.typing_until > now:
            raise Refusal(45081)
        else:
            citizen.typing_until = now + _TYPING_LASTS
        self._platform.tell_standing(citizen)
        return _ok()

    async def template_send(self, request: Request, account: WechatAccount) -> Response:
        content = read_json(await request.body())
        citizen = recipient(self._platform, account, content)
        if not citizen.following:
            raise Refusal(43004)
        if content.get("template_id") not in account.templates.values():
            raise Refusal(40037)
        needed = account.template_fields.get(str(content["template_id"]), frozenset())
        rows = visible_rows(content.get("data"), needed)
        client_id = str(content.get("client_msg_id", ""))
        number, is_new = self._platform.templates.number_for(
            citizen.openid, client_id, self._platform.clock.now()
        )
        if is_new:
            name = next(
                name for name, id in account.templates.items() if id == content["template_id"]
            )
            self._platform.show_sent(
                citizen, "template", text=name, rows=rows, url=str(content.get("url", ""))
            )
            citizen.note(self._platform.clock.now(), "发", f"模板消息 {name}")
            self._platform.template_finished(account, citizen, number)
        return JSONResponse({"errcode": 0, "errmsg": "ok", "msgid": number})

    # Media

    async def media_upload(self, request: Request, account: WechatAccount) -> Response:
        kind = request.query_params.get("type", "")
        if kind != "image":
            raise Refusal(40004)
        async with request.form() as form:
            file = form.get("media")
            if not isinstance(file, UploadFile):
                raise Refusal(41005)
            media_id = self._platform.media.keep_image(account.id, await file.read())
        created = int(self._platform.clock.now().timestamp())
        return JSONResponse({"type": kind, "media_id": media_id, "created_at": created})

    async def media_get(self, request: Request, account: WechatAccount) -> Response:
        media_id = request.query_params.get("media_id", "")
        kept = self._platform.media.get(account.id, media_id)
        name = f'attachment; filename="{media_id}.{kept.suffix}"'
        return Response(
            kept.body,
            media_type=CONTENT_TYPES[kept.suffix],
            headers={"Content-disposition": name},
        )

    async def picture(self, request: Request) -> Response:
        """What `PicUrl` names: no token is asked for, as on WeChat's own picture hosts."""
        kept = self._platform.media.any(request.path_params["media_id"])
        if kept is None:
            return Response(status_code=404)
        return Response(
            kept.body,
            media_type=CONTENT_TYPES[kept.suffix],
            headers={"X-Content-Type-Options": "nosniff"},
        )

    # Menu

    async def menu_create(self, request: Request, account: WechatAccount) -> Response:
        self._platform.menus.create(account.id, read_json(await request.body()).get("button"))
        return _ok()

    async def menu_get(self, request: Request, account: WechatAccount) -> Response:
        buttons = self._platform.menus.of(account.id)
        if not buttons:
            raise Refusal(46003)
        return JSONResponse({"menu": {"button": buttons}})

    async def menu_delete(self, request: Request, account: WechatAccount) -> Response:
        self._platform.menus.delete(account.id)
        return _ok()

    async def callback_ips(self, request: Request, account: WechatAccount) -> Response:
        return JSONResponse({"ip_list": ["127.0.0.1"]})

    async def unknown(self, request: Request) -> Response:
        """A path that WeChat has not, or that is not modelled here."""
        return Refusal(40066).response()

    # The door

    def _route(self, path: str, name: str, handler: Authorised, method: str) -> Route:
        async def endpoint(request: Request) -> Response:
            try:
                token = request.query_params.get("access_token", "")
                account = self._platform.tokens.account_of(token)
            except Refusal as refusal:
                return refusal.response()

            async def answer(request: Request) -> Response:
                return await handler(request, account)

            return await self._faulty(request, account, name, answer)

        return Route(f"/cgi-bin/{path}", endpoint, methods=[method])

    async def _faulty(
        self,
        request: Request,
        account: WechatAccount,
        name: str,
        answer: Callable[[Request], Awaitable[Response]],
    ) -> Response:
        fault = self._platform.faults[account.id].take(name)
        try:
            return await through(
                fault, request, answer, lambda fault: Refusal(fault.code, fault.message).response()
            )
        except Refusal as refusal:
            return refusal.response()


def _ok() -> Response:
    return JSONResponse({"errcode": 0, "errmsg": "ok"})
