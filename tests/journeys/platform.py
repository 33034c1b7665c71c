"""A WeChat that is not ours: pushes what citizens write, reads the replies, and sends on the rest.

A push is cut after 5 s and made three times in all, with the same query and MsgId. Only status 200
with ``success``, nothing, or a reply that WeChat would show counts as taken.
"""

from __future__ import annotations

import asyncio
import secrets
import threading
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import urlencode, urlsplit
from xml.etree.ElementTree import Element, ParseError

import httpx
import uvicorn
from defusedxml.ElementTree import fromstring

from tests.journeys.platform_api import BYTES, Api
from tests.journeys.seal import Seal, new_key, signature

SECONDS = 5.0
TRIES = 3


@dataclass(frozen=True)
class Account:
    """An official account as WeChat's console shows it."""

    id: str
    hotline: str
    app_id: str
    safe: bool
    name: str = field(default_factory=lambda: f"gh_{secrets.token_hex(6)}")
    secret: str = field(default_factory=lambda: secrets.token_hex(16))
    token: str = field(default_factory=lambda: secrets.token_hex(12))
    key: str = field(default_factory=new_key)

    @property
    def seal(self) -> Seal | None:
        return Seal(self.key, self.app_id) if self.safe else None

    def channels_toml(self, api_base: str) -> str:
        values = {
            "id": self.id,
            "channel": "wechat",
            "hotline": self.hotline,
            "app_id": self.app_id,
            "app_secret": self.secret,
            "token": self.token,
            "api_base": api_base,
        }
        if self.safe:
            values["encoding_aes_key"] = self.key
        return "[[account]]\n" + "".join(f'{name} = "{v}"\n' for name, v in values.items())


@dataclass
class Try:
    """One delivery of a push: what came back, or why nothing did."""

    status: int
    body: str
    fault: str
    seconds: float


@dataclass
class Exchange:
    """One push with all its tries."""

    account: str
    citizen: str
    text: str
    msg_id: str
    tries: list[Try] = field(default_factory=list)
    acknowledged: bool = False
    passive: str | None = None  # what the citizen saw as the reply


class Platform:
    """Runs in a thread of its own; every method may be called from any thread."""

    def __init__(
        self, accounts: list[Account], gateway: str, port: int, *, api_pause: float = 0.0
    ) -> None:
        self.accounts = {account.id: account for account in accounts}
        self.gateway = gateway
        self.address = f"http://127.0.0.1:{port}"
        apps = {each.app_id: (each.id, each.secret) for each in accounts}
        self.api = Api(apps, pause=api_pause)
        self.exchanges: list[Exchange] = []
        self._port = port
        self._numbers = count(24_000_000_000_000_000 + int(time.time()))
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Platform:
        self._thread.start()
        self._run(self._open())
        return self

    def __exit__(self, *_exc: object) -> None:
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()

    def _run[T](self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _open(self) -> None:
        config = uvicorn.Config(
            self.api.app, host="127.0.0.1", port=self._port, log_config=None, access_log=False
        )
        self._server = uvicorn.Server(config)
        self._serving = asyncio.create_task(self._server._serve(None))
        while not self._server.started:
            await asyncio.sleep(0.02)

    async def _close(self) -> None:
        self._server.should_exit = True
        await self._serving

    # What a citizen does.

    def say(self, account: str, citizen: str, text: str, *, copies: int = 1) -> list[Exchange]:
        """A citizen writes; `copies`: the same push, several times at once."""
        return self._run(self._say_at_once(account, citizen, text, copies))

    async def _say_at_once(
        self, account: str, citizen: str, text: str, copies: int
    ) -> list[Exchange]:
        self.api.citizen_wrote(account, citizen)
        push = self.push_of(self.accounts[account], citizen, text)
        return list(await asyncio.gather(*(self._deliver(push) for _ in range(copies))))

    async def write(self, account: str, citizen: str, text: str) -> Exchange:
        """As `say`, for whoever is on the platform's own loop."""
        return (await self._say_at_once(account, citizen, text, 1))[0]

    def all_at_once[T](self, work: Coroutine[Any, Any, T]) -> T:
        return self._run(work)

    def push_of(self, account: Account, citizen: str, text: str) -> Push:
        return Push.of(account, citizen, text, str(next(self._numbers)))

    def post(self, account: str, content: bytes, query: dict[str, str]) -> httpx.Response:
        """Any body at all, as anybody could send it."""
        address = f"{self.gateway}/wechat/{account}"
        return httpx.post(address, params=query, content=content, timeout=20, trust_env=False)

    def seen_by(self, citizen: str) -> list[str]:
        """Everything that the citizen read, passive replies first."""
        passive = [each.passive for each in self.exchanges if each.citizen == citizen]
        sent = [each.text for each in self.api.sent if each.citizen == citizen]
        return [text for text in passive if text is not None] + sent

    async def _deliver(self, push: Push) -> Exchange:
        exchange = Exchange(push.account.id, push.citizen, push.text, push.msg_id)
        self.exchanges.append(exchange)
        for number in range(TRIES):
            began = time.monotonic()
            attempt = await self._try(push, began)
            exchange.tries.append(attempt)
            if not attempt.fault:
                exchange.acknowledged = True
                exchange.passive = push.reply_in(attempt.body)
                break
            if number < TRIES - 1:
                await asyncio.sleep(max(0.0, began + SECONDS - time.monotonic()))
        return exchange

    async def _try(self, push: Push, began: float) -> Try:
        try:
            async with asyncio.timeout(SECONDS):
                status, body = await _exchange(self.gateway, push)
        except (OSError, ValueError) as error:  # TimeoutError is an OSError
            return Try(0, "", type(error).__name__, time.monotonic() - began)
        fault = "" if status == 200 else f"status {status}"
        try:
            push.reply_in(body)
        except NotAReply as error:
            fault = fault or str(error)
        return Try(status, body, fault, time.monotonic() - began)


async def _exchange(gateway: str, push: Push) -> tuple[int, str]:
    """One request on a connection of its own. Raises `OSError`, or `ValueError` when cut off."""
    address = urlsplit(gateway)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    try:
        writer.write(
            f"POST /wechat/{push.account.id}?{urlencode(push.query)} HTTP/1.1\r\n"
            f"Host: {address.netloc}\r\nUser-Agent: Mozilla/4.0\r\nContent-Type: text/xml\r\n"
            f"Content-Length: {len(push.body)}\r\nConnection: close\r\n\r\n".encode()
            + push.body
        )
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    finally:
        writer.close()
    lines = head.decode("latin-1").split("\r\n")
    lengths = [line[15:] for line in lines if line.lower().startswith("content-length:")]
    if not lengths or len(body) != int(lengths[0]):
        raise ValueError("cut off")
    return int(lines[0].split(" ")[1]), body.decode()


class NotAReply(ValueError):
    """WeChat would show the citizen that the account is out of order."""


@dataclass(frozen=True)
class Push:
    account: Account
    citizen: str
    text: str
    msg_id: str
    query: dict[str, str]
    body: bytes

    @classmethod
    def of(cls, account: Account, citizen: str, text: str, msg_id: str) -> Push:
        now = str(int(time.time()))
        nonce = str(secrets.randbelow(10**10))
        xml = (
            f"<xml><ToUserName><![CDATA[{account.name}]]></ToUserName>"
            f"<FromUserName><![CDATA[{citizen}]]></FromUserName><CreateTime>{now}</CreateTime>"
            f"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{text}]]></Content>"
            f"<MsgId>{msg_id}</MsgId></xml>"
        )
        query = {
            "signature": signature(account.token, now, nonce),
            "timestamp": now,
            "nonce": nonce,
            "openid": citizen,
        }
        if account.seal is not None:
            sealed = account.seal.close(xml)
            query |= {
                "encrypt_type": "aes",
                "msg_signature": signature(account.token, now, nonce, sealed),
            }
            xml = (
                f"<xml><ToUserName><![CDATA[{account.name}]]></ToUserName>"
                f"<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
            )
        return cls(account, citizen, text, msg_id, query, xml.encode())

    def reply_in(self, body: str) -> str | None:
        """The words that WeChat shows for this answer; None for none. Raises `NotAReply`."""
        if body in ("", "success"):
            return None
        fields = _fields(body)
        if self.account.seal is not None:
            sealed = fields.get("Encrypt", "")
            parts = (self.account.token, fields.get("TimeStamp", ""), self.query["nonce"], sealed)
            if fields.get("Nonce") != self.query["nonce"]:
                raise NotAReply("another nonce")
            if fields.get("MsgSignature") != signature(*parts):
                raise NotAReply("wrong signature")
            try:
                fields = _fields(self.account.seal.open(sealed))
            except ValueError as error:
                raise NotAReply("sealed for somebody else") from error
        if fields.get("ToUserName") != self.citizen:
            raise NotAReply("to somebody else")
        if fields.get("FromUserName") != self.account.name:
            raise NotAReply("not from this account")
        if fields.get("MsgType") != "text" or not fields.get("CreateTime", "").isdigit():
            raise NotAReply("no text")
        text = fields.get("Content", "")
        if not text.strip() or len(text.encode()) > BYTES:
            raise NotAReply("empty or too long")
        return text


def _fields(xml: str) -> dict[str, str]:
    if not xml.startswith("<xml>"):
        raise NotAReply("not xml")
    try:
        root: Element = fromstring(xml)
    except ParseError as error:
        raise NotAReply("broken xml") from error
    return {child.tag: child.text or "" for child in root}
