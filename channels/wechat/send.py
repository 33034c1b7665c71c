"""Sending through WeChat's customer-service messages.

There is no key against repeats and no message id in the answer: an answer that is not clearly yes
or no is `Unknown`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import httpx
import msgspec
import structlog
from redis.exceptions import RedisError

from channels.accounts import WeChatAccount
from channels.errors import FetchError, Misconfigured, Refused, SendError, TryLater, Unknown
from channels.port import BY_TEMPLATE, Piece
from channels.sent_files import SentFiles
from channels.wechat.codes import NO_MENU_HERE, QUOTA_SPENT, TOKEN_INVALID, error_of
from channels.wechat.quota import Quota
from channels.wechat.reply import clean
from channels.wechat.templates import Templates
from channels.wechat.token import TokenProvider
from wire.messages import File, Outbound, Part, Template
from wire.wechat import LIMIT, numbered, pieces_of

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
        files: SentFiles,
    ) -> None:
        self._account = account
        self._tokens = tokens
        self._quota = quota
        self._http = http
        self._files = files
        self._menus = True
        self._templates = Templates(account)

    async def pieces(self, outbound: Outbound, already_sent: int) -> Sequence[Piece]:
        """What is left; put together where the citizen's quota would not last."""
        rest = pieces_of(outbound)[already_sent:]
        left = await self._quota.left(outbound.account, outbound.external_id)
        if left >= len(rest):
            return [Piece(part) for part in rest]
        return together(rest)

    async def send(self, outbound: Outbound, piece: Piece) -> str:
        try:
            await self._call(
                "message/custom/send", **_as_json(await self._body(outbound, piece.part))
            )
        except Refused as error:
            if error.reason == str(NO_MENU_HERE) and piece.part.options and self._menus:
                log.warning("wechat.no_menus", account=self._account.id)
                self._menus = False
                return await self.send(outbound, piece)
            if error.reason not in {str(code) for code in QUOTA_SPENT}:
                raise
            await self._note(self._quota.closed(outbound.account, outbound.external_id))
            if outbound.template is None or not self._templates.has(outbound.template):
                raise
            await self._send_template(outbound, outbound.template, error)
            return BY_TEMPLATE
        await self._note(self._quota.spent(outbound.account, outbound.external_id))
        return self.via

    async def _send_template(self, outbound: Outbound, template: Template, closed: Refused) -> None:
        """Outside the window. The one call with a key against repeats, so that an unclear answer is
        asked for once more.

        Raises `closed` again when the template is refused: what counts for the desk is that the
        citizen has to write first.
        """
        body = _as_json(self._templates.body(outbound.id, outbound.external_id, template))
        try:
            try:
                await self._call("message/template/send", **body)
            except Unknown:
                await self._call("message/template/send", **body)
        except Refused as error:
            say = log.error if isinstance(error, Misconfigured) else log.warning
            say("wechat.template_refused", account=self._account.id, code=error.reason)
            raise closed from error

    async def _body(self, outbound: Outbound, part: Part) -> dict[str, Any]:
        citizen = outbound.external_id
        if part.file is not None and part.file.kind == "image":
            media_id = await self._uploaded(part.file)
            return {"touser": citizen, "msgtype": "image", "image": {"media_id": media_id}}
        if part.file is not None:  # there is no message for papers: a link to it
            words = self._files.as_link(part.file)
            return {"touser": citizen, "msgtype": "text", "text": {"content": clean(words)}}
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

    async def _uploaded(self, file: File) -> str:
        """The picture's name at the platform. Nobody sees an upload, so one without an answer is
        made again."""
        content = await self._files.read(file)
        try:
            answer = await self._call(
                "media/upload",
                query={"type": "image"},
                files={"media": (file.name, content, file.content_type)},
            )
        except Unknown as error:
            raise TryLater(error.reason) from error
        media_id = answer.get("media_id")
        if not isinstance(media_id, str) or not media_id:
            raise TryLater("no-media-id")
        return media_id

    async def _call(
        self, path: str, query: Mapping[str, str] = MappingProxyType({}), **content: Any
    ) -> dict[str, Any]:
        """One try, and one more with a new token: an invalid one means that nothing was taken."""
        token = await self._token()
        answer = await self._post(path, {"access_token": token, **query}, content)
        if code_of(answer) in TOKEN_INVALID:
            await self._note(self._tokens.invalid(token))
            token = await self._token()
            answer = await self._post(path, {"access_token": token, **query}, content)
        if (code := code_of(answer)) != 0:
            raise error_of(code)
        return answer

    async def _token(self) -> str:
        try:
            return await self._tokens.get()
        except RedisError as error:
            raise TryLater("redis") from error

    async def _post(
        self, path: str, query: Mapping[str, str], content: Mapping[str, Any]
    ) -> dict[str, Any]:
        try:
            response = await self._http.post(
                f"{self._account.api_base}/cgi-bin/{path}", params=query, **content
            )
        except _NOT_SENT as error:
            raise TryLater("unreachable") from error
        except httpx.HTTPError as error:
            raise Unknown("no-answer") from error
        return answer_of(response)

    async def _note(self, noting: Any) -> None:
        """A count or a token in Redis: worth having, not worth failing a message that went out."""
        try:
            await noting
        except RedisError as error:
            log.warning("wechat.not_noted", error=type(error).__name__)


def _as_json(body: dict[str, Any]) -> dict[str, Any]:
    """Real UTF-8: an escape would be shown to the citizen as it stands."""
    return {
        "content": msgspec.json.encode(body),
        "headers": {"Content-Type": "application/json"},
    }


def answer_of(response: httpx.Response) -> dict[str, Any]:
    """What the platform said. Raises `Unknown` for whatever is no clear answer."""
    if response.status_code != 200:
        raise Unknown(f"http-{response.status_code}")
    try:
        answer: Any = response.json()
    except ValueError as error:
        raise Unknown("not-json") from error
    if not isinstance(answer, dict):
        raise Unknown("no-code")
    return answer


def code_of(answer: dict[str, Any]) -> int:
    """The platform's code. An upload that went well has a name instead of one."""
    code = answer.get("errcode", 0 if "media_id" in answer else None)
    if not isinstance(code, int) or isinstance(code, bool):
        raise Unknown("no-code")
    return code


def together(rest: Sequence[Part]) -> list[Piece]:
    """As few messages as hold the pieces; a menu ends its message."""
    merged: list[Piece] = []
    for part in rest:
        if merged and part.file is None and _is_text(merged[-1].part):
            before = merged[-1]
            joined = Part(text=f"{before.part.text}\n\n{part.text}", options=part.options)
            if len(numbered(joined).encode()) <= LIMIT:
                merged[-1] = Piece(joined, before.covers + 1)
                continue
        merged.append(Piece(part))
    return merged


def _is_text(part: Part) -> bool:
    return not part.options and part.file is None


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
