"""WeChat from both sides: it pushes signed messages, and it takes API calls as it is told to."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any
from xml.etree.ElementTree import Element

import httpx
import uvicorn
from defusedxml.ElementTree import fromstring
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from channels.wechat.envelope import Envelope
from channels.wechat.signature import signature_of

TOKEN = "a-token-of-the-test"
APP_ID = "wx0000000000000001"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
GH = "gh_000000000001"


def text_push(
    content: str = "居住证怎么办", *, citizen: str = "o-citizen", msg_id: str = "1", extra: str = ""
) -> str:
    return (
        f"<xml><ToUserName><![CDATA[{GH}]]></ToUserName>"
        f"<FromUserName><![CDATA[{citizen}]]></FromUserName>"
        f"<CreateTime>{int(time.time())}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content><![CDATA[{content}]]></Content><MsgId>{msg_id}</MsgId>{extra}</xml>"
    )


def event_push(event: str, key: str = "", *, citizen: str = "o-citizen", created: int = 0) -> str:
    return (
        f"<xml><ToUserName>{GH}</ToUserName><FromUserName>{citizen}</FromUserName>"
        f"<CreateTime>{created or int(time.time())}</CreateTime><MsgType>event</MsgType>"
        f"<Event>{event}</Event><EventKey>{key}</EventKey></xml>"
    )


def signed(timestamp: int | None = None, nonce: str = "n1") -> dict[str, str]:
    stamp = str(timestamp or int(time.time()))
    return {
        "timestamp": stamp,
        "nonce": nonce,
        "signature": signature_of(TOKEN, stamp, nonce),
        "openid": "o-citizen",
    }


def sealed(xml: str, nonce: str = "n1") -> tuple[dict[str, str], str]:
    """The query and body of a push in safe mode."""
    envelope = Envelope(APP_ID, TOKEN, (AES_KEY,))
    stamp = int(time.time())
    body = envelope.seal(xml, 0, timestamp=stamp, nonce=nonce)
    encrypted = fromstring(body).findtext("Encrypt")
    query = signed(stamp, nonce) | {
        "encrypt_type": "aes",
        "msg_signature": fromstring(body).findtext("MsgSignature"),
    }
    return query, f"<xml><ToUserName>{GH}</ToUserName><Encrypt>{encrypted}</Encrypt></xml>"


async def push(http: httpx.AsyncClient, base: str, xml: str, nonce: str = "n1") -> httpx.Response:
    return await http.post(
        f"{base}/wechat/12341-wechat", params=signed(nonce=nonce), content=xml.encode()
    )


def parsed(response: httpx.Response) -> Element:
    found: Element = fromstring(response.content)
    return found


class WeChatApi:
    """The API. `answer` decides on each call to custom/send."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.sent_with: list[str] = []
        self.tokens_given = 0
        self.codes: list[int] = []  # for the next calls; 0 when there are none left
        self.before: Callable[[], Awaitable[None]] | None = None
        self.raw: Response | None = None
        self.templates: list[dict[str, Any]] = []
        self.template_answers: list[Response] = []  # for the next calls
        self.files: dict[str, bytes] = {}
        self.uploaded: list[bytes] = []
        self.upload_answers: list[Response] = []
        self.seconds = 7200
        self.token_code = 0

    async def token(self, request: Request) -> Response:
        body = await request.json()
        assert body["grant_type"] == "client_credential"
        assert body["force_refresh"] is False
        if self.token_code:
            return JSONResponse({"errcode": self.token_code, "errmsg": "no"})
        await asyncio.sleep(0.02)
        self.tokens_given += 1
        return JSONResponse(
            {"access_token": f"token-{self.tokens_given}", "expires_in": self.seconds}
        )

    async def send(self, request: Request) -> Response:
        raw = await request.body()
        assert b"\\u" not in raw
        self.sent.append(await request.json())
        self.sent_with.append(request.query_params["access_token"])
        if self.before is not None:
            await self.before()
        if self.raw is not None:
            return self.raw
        code = self.codes.pop(0) if self.codes else 0
        return JSONResponse({"errcode": code, "errmsg": "ok rid: 0-0-0"})

    async def template(self, request: Request) -> Response:
        assert b"\\u" not in await request.body()
        self.templates.append(await request.json())
        if self.template_answers:
            return self.template_answers.pop(0)
        return JSONResponse({"errcode": 0, "errmsg": "ok", "msgid": len(self.templates)})

    async def media(self, request: Request) -> Response:
        content = self.files.get(request.query_params["media_id"])
        if content is None:
            return JSONResponse({"errcode": 40007, "errmsg": "invalid media_id"})
        return Response(content, media_type="image/jpeg")

    async def upload(self, request: Request) -> Response:
        assert request.query_params["type"] == "image"
        async with request.form() as form:
            file = form["media"]
            assert isinstance(file, UploadFile)
            self.uploaded.append(await file.read())
        if self.upload_answers:
            return self.upload_answers.pop(0)
        return JSONResponse(
            {"type": "image", "media_id": f"uploaded-{len(self.uploaded)}", "created_at": 1}
        )

    def texts(self) -> list[str]:
        return [
            body["text"]["content"]
            if body["msgtype"] == "text"
            else body["msgmenu"]["head_content"]
            for body in self.sent
        ]

    def config(self) -> uvicorn.Config:
        app = Starlette(
            routes=[
                Route("/cgi-bin/stable_token", self.token, methods=["POST"]),
                Route("/cgi-bin/message/custom/send", self.send, methods=["POST"]),
                Route("/cgi-bin/message/template/send", self.template, methods=["POST"]),
                Route("/cgi-bin/media/get", self.media),
                Route("/cgi-bin/media/upload", self.upload, methods=["POST"]),
            ]
        )
        return uvicorn.Config(app, host="127.0.0.1", log_config=None, access_log=False)
