"""The web chat's socket: hello, what was missed, then both ways until it closes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import urlsplit

import structlog
from redis.exceptions import RedisError
from starlette.websockets import WebSocket, WebSocketDisconnect

from channels import keys
from channels.accounts import Account, WebAccount
from channels.limits import AddressLimit, TooManySockets
from channels.waiting import Hub
from channels.webchat.frames import (
    Ack,
    Choose,
    Hello,
    Nack,
    NotAFrame,
    Picture,
    Ping,
    Pong,
    Ready,
    Said,
    Say,
    ToBrowser,
    citizen_of,
    read_frame,
    write_frame,
)
from channels.webchat.intake import WebIntake
from channels.webchat.lines import Lines

log = structlog.get_logger(__name__)
HELLO_WITHIN = 10.0
SILENCE = 90.0  # the page pings every 25 s: a browser that is this silent has gone
_LOOK_ANYWAY = 20.0
_NOT_A_FRAME, _REFUSED, _TRY_AGAIN = 1003, 1008, 1013
_FRAME_LIMIT = 64 * 1024


class WebSocketChat:
    def __init__(
        self,
        accounts: Mapping[str, Account],
        *,
        intake: WebIntake,
        lines: Lines,
        hub: Hub,
        limit: AddressLimit,
        public_url: str,
    ) -> None:
        self._accounts = {
            account.id: account for account in accounts.values() if isinstance(account, WebAccount)
        }
        self._intake = intake
        self._lines = lines
        self._hub = hub
        self._limit = limit
        self._public_host = urlsplit(public_url).netloc

    async def handle(self, websocket: WebSocket) -> None:
        account = self._accounts.get(websocket.path_params["account"])
        if account is None or not self._same_origin(websocket):
            await websocket.close(_REFUSED)
            return
        address = websocket.client.host if websocket.client else ""
        try:
            with self._limit.socket(address):
                await websocket.accept()
                await self._converse(websocket, account, address)
        except TooManySockets:
            await websocket.close(_TRY_AGAIN)
        except WebSocketDisconnect:
            pass
        except RedisError as error:
            log.warning("webchat.closed", error=type(error).__name__)
            with suppress(RuntimeError):
                await websocket.close(_TRY_AGAIN)
        except (NotAFrame, TimeoutError):
            with suppress(RuntimeError):
                await websocket.close(_NOT_A_FRAME)

    def _same_origin(self, websocket: WebSocket) -> bool:
        """Another site's page may not speak for its visitors. Programs send no Origin."""
        origin = websocket.headers.get("origin")
        if origin is None:
            return True
        return urlsplit(origin).netloc in (websocket.headers.get("host"), self._public_host)

    async def _converse(self, websocket: WebSocket, account: WebAccount, address: str) -> None:
        hello = read_frame(await asyncio.wait_for(_text(websocket), HELLO_WITHIN))
        if not isinstance(hello, Hello):
            raise NotAFrame("hello comes first")
        session = _Session(websocket, account, citizen_of(hello.secret), address)
        show = asyncio.create_task(self._show(session, hello.after))
        listen = asyncio.create_task(self._listen(session))
        try:
            done, _ = await asyncio.wait({show, listen}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (show, listen):
                task.cancel()
            await asyncio.gather(show, listen, return_exceptions=True)
        for task in done:
            task.result()

    async def _show(self, session: _Session, place: str) -> None:
        """Everything after `place`, then each line as it comes."""
        name = keys.name(session.account.id, session.citizen)
        with self._hub.listening(keys.WEB_CHANNEL, name) as nudged:
            first = True
            while True:
                nudged.clear()
                said = await self._lines.after(session.account.id, session.citizen, place)
                if said:
                    place = said[-1].place
                    await session.send(Said(said))
                if first:
                    first = False
                    await session.send(Ready())
                    if not place:
                        await self._intake.greet(session.account, session.citizen)
                with suppress(TimeoutError):
                    await asyncio.wait_for(nudged.wait(), _LOOK_ANYWAY)

    async def _listen(self, session: _Session) -> None:
        while True:
            frame = read_frame(await asyncio.wait_for(_text(session.websocket), SILENCE))
            if isinstance(frame, Ping):
                await session.send(Pong())
            elif isinstance(frame, Picture):
                content = await asyncio.wait_for(session.websocket.receive_bytes(), SILENCE)
                await session.send(await self._pictured(session, frame, content))
            elif isinstance(frame, Say | Choose):
                await session.send(
                    await self._intake.said(
                        session.account, session.citizen, session.address, frame
                    )
                )
            else:
                raise NotAFrame("hello comes once")

    async def _pictured(self, session: _Session, frame: Picture, content: bytes) -> Ack | Nack:
        return await self._intake.pictured(
            session.account, session.citizen, session.address, frame.id, content
        )


class _Session:
    def __init__(
        self, websocket: WebSocket, account: WebAccount, citizen: str, address: str
    ) -> None:
        self.websocket = websocket
        self.account = account
        self.citizen = citizen
        self.address = address
        self._one_at_a_time = asyncio.Lock()

    async def send(self, frame: ToBrowser) -> None:
        async with self._one_at_a_time:
            await self.websocket.send_text(write_frame(frame))


async def _text(websocket: WebSocket) -> str:
    message = await websocket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1005))
    text: str | None = message.get("text")
    if text is None or len(text) > _FRAME_LIMIT:
        raise NotAFrame("text was expected")
    return text
