"""Sending through WeChat's customer-service messages.

There is no key against repeats and no message id in the answer: an answer that is not clearly yes
or no is `Unknown`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import httpx
import msgspec
import structlog
from redis.exceptions import RedisError

from channels.accounts import WeChatAccount
from channels.errors import FetchError, Refused, SendError, TryLater, Unknown
from channels.port import Piece
from channels.wechat.codes import NO_MENU_HERE, QUOTA_SPENT, TOKEN_INVALID, error_of
from channels.wechat.quota import Quota
from channels.wechat.reply import clean
from channels.wechat.split import LIMIT, numbered, pieces_of
from channels.wechat.token import TokenProvider
from wire.messages import Outbound, Part

log = structlog.get_logger(__name__)
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


class WeChatMessenger:
    channel = "wechat"
    via = "api"
    repeatable = False

    def __init__(
        self,
        account: WeChatAccount,
        tokens: TokenProvider,
        quota: Quota,
        http: httpx.AsyncClient,
    ) -> None:
        self._account = account
        self._tokens = tokens
        self._quota = quota
        self._http = http
        self._menus = True

    async def pieces(self, outbound: Outbound, already_sent: int) -> Sequence[Piece]:
        """What is left; put together where the citizen's quota would not last."""
        rest = pieces_of(outbound)[already_sent:]
        left = await self._quota.left(outbound.account, outbound.external_id)
        if left >= len(rest):
            return [Piece(part) for part in rest]
        return together(rest)

    async def send(self, outbound: Outbound, piece: Piece) -> None:
        try:
            await self._call(self._body(outbound.external_id, piece.part))
        except Refused as error:
            if error.reason == str(NO_MENU_HERE) and piece.part.options and self._menus:
                log.warning("wechat.no_menus", account=self._account.id)
                self._menus = False
                await self.send(outbound, piece)
                return
            if error.reason in {str(code) for code in QUOTA_SPENT}:
                await self._note(self._quota.closed(outbound.account, outbound.external_id))
            raise
        await self._note(self._quota.spent(outbound.account, outbound.external_id))

    def _body(self, citizen: str, part: Part) -> dict[str, Any]:
        if part.options and self._menus:
            return {
                "touser": citizen,
                "msgtype": "msgmenu",
                "msgmenu": {
                    "head_content": clean(part.text),
                    "list": [
                        {"id": option.id, "content": clean(option.label)} for option in part.options
                    ],
                    "tail_content": "",
                },
            }
        return {"touser": citizen, "msgtype": "text", "text": {"content": clean(numbered(part))}}

    async def _call(self, body: dict[str, Any]) -> None:
        """One try, and one more with a new token: an invalid one means that nothing was taken."""
        for is_last in (False, True):
            token = await self._token()
            code = await self._post(token, body)
            if code == 0:
                return
            if code not in TOKEN_INVALID or is_last:
                raise error_of(code)
            await self._note(self._tokens.invalid(token))

    async def _token(self) -> str:
        try:
            return await self._tokens.get()
        except RedisError as error:
            raise TryLater("redis") from error

    async def _post(self, token: str, body: dict[str, Any]) -> int:
        try:
            response = await self._http.post(
                f"{self._account.api_base}/cgi-bin/message/custom/send",
                params={"access_token": token},
                # Real UTF-8: an escape would be shown to the citizen as it stands.
                content=msgspec.json.encode(body),
                headers={"Content-Type": "application/json"},
            )
        except _NOT_SENT as error:
            raise TryLater("unreachable") from error
        except httpx.HTTPError as error:
            raise Unknown("no-answer") from error
        return code_of(response)

    async def _note(self, noting: Any) -> None:
        """A count or a token in Redis: worth having, not worth failing a message that went out."""
        try:
            await noting
        except RedisError as error:
            log.warning("wechat.not_noted", error=type(error).__name__)


def code_of(response: httpx.Response) -> int:
    """The platform's code. Raises `Unknown` for whatever is no clear answer."""
    if response.status_code != 200:
        raise Unknown(f"http-{response.status_code}")
    try:
        answer: Any = response.json()
    except ValueError as error:
        raise Unknown("not-json") from error
    code = answer.get("errcode") if isinstance(answer, dict) else None
    if not isinstance(code, int) or isinstance(code, bool):
        raise Unknown("no-code")
    return code


def together(rest: Sequence[Part]) -> list[Piece]:
    """As few messages as hold the pieces; a menu ends its message."""
    merged: list[Piece] = []
    for part in rest:
        if merged and not merged[-1].part.options:
            before = merged[-1]
            joined = Part(text=f"{before.part.text}\n\n{part.text}", options=part.options)
            if len(numbered(joined).encode()) <= LIMIT:
                merged[-1] = Piece(joined, before.covers + 1)
                continue
        merged.append(Piece(part))
    return merged


class WeChatFiles:
    """Files that citizens sent; WeChat keeps them for three days."""

    def __init__(
        self, account: WeChatAccount, tokens: TokenProvider, http: httpx.AsyncClient
    ) -> None:
        self._account = account
        self._tokens = tokens
        self._http = http

    async def fetch(self, platform_id: str, at_most: int) -> bytes:
        for is_last in (False, True):
            token = await self._usable_token()
            content, code = await self._get(token, platform_id, at_most)
            if code == 0:
                return content
            if code not in TOKEN_INVALID or is_last:
                error = error_of(code)
                raise error if isinstance(error, TryLater) else FetchError(error.reason)
            await self._tokens.invalid(token)
        raise FetchError("token")

    async def _usable_token(self) -> str:
        try:
            return await self._tokens.get()
        except TryLater:
            raise
        except SendError as error:
            raise FetchError(error.reason) from error

    async def _get(self, token: str, platform_id: str, at_most: int) -> tuple[bytes, int]:
        """The content, or WeChat's code instead of it."""
        try:
            async with self._http.stream(
                "GET",
                f"{self._account.api_base}/cgi-bin/media/get",
                params={"access_token": token, "media_id": platform_id},
            ) as response:
                if response.status_code != 200:
                    raise TryLater(f"http-{response.status_code}")
                content = await read_at_most(response, at_most)
        except httpx.HTTPError as error:
            raise TryLater("unreachable") from error
        if not content.startswith(b"{"):
            return content, 0
        # Files come as they are, so JSON is an error, or a film's address, which is not fetched.
        return b"", _code_in(content)


def _code_in(content: bytes) -> int:
    try:
        answer: Any = msgspec.json.decode(content)
    except msgspec.DecodeError as error:
        raise FetchError("unreadable") from error
    code = answer.get("errcode") if isinstance(answer, dict) else None
    if not isinstance(code, int) or code == 0:
        raise FetchError("not-a-file")
    return code


async def read_at_most(response: httpx.Response, at_most: int) -> bytes:
    announced = response.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > at_most:
        raise FetchError("too-large")
    content = bytearray()
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > at_most:
            raise FetchError("too-large")
    return bytes(content)
