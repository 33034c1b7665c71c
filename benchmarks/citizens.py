"""Who asks: a citizen in WeChat, or a client of Rasa's own door.

Both say a few messages and are then somebody else, as in a day of a hotline; the gateway takes at
most twenty messages a minute from one citizen, and Rasa's tracker grows with each.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import urlencode
from xml.etree.ElementTree import fromstring

import msgspec

from actions.protocol import Decision, NotATurn, Turn, decision_from
from benchmarks.connection import Connection, NoAnswer
from benchmarks.questions import Question
from sandbox.accounts import WechatAccount
from sandbox.wechat.envelope import decrypt
from sandbox.wechat.pushes import MsgIds, message, push

TALK = 10  # messages that one citizen says


class Citizen(Protocol):
    async def ask(self, question: Question) -> str:
        """What is answered; raises `NoAnswer` when nothing is."""

    async def close(self) -> None: ...


class InWeChat:
    """Pushes as WeChat does, signed and, in safe mode, sealed; reads the passive reply."""

    def __init__(self, account: WechatAccount, port: int, msg_ids: MsgIds) -> None:
        self._account = account
        self._connection = Connection(port, timeout=5.0)  # WeChat's own patience
        self._msg_ids = msg_ids
        self._said = 0
        self._openid = ""

    async def ask(self, question: Question) -> str:
        if self._said % TALK == 0:
            self._openid = f"o{secrets.token_hex(13)}"
        self._said += 1
        fields = message("text", {"Content": question.text}, self._msg_ids.next())
        sealed = push(self._account, self._openid, fields)
        answer = await self._connection.post(
            f"/wechat/{self._account.id}?{urlencode(sealed.query)}", sealed.body, "text/xml"
        )
        if answer.status != 200 or answer.body == b"success":
            raise NoAnswer(f"{answer.status} {answer.body[:20]!r}")
        return self._read(answer.body)

    async def close(self) -> None:
        await self._connection.close()

    def _read(self, body: bytes) -> str:
        if self._account.is_safe:
            encrypted = _element(body, "Encrypt")
            body = decrypt(encrypted, self._account.encoding_aes_key, self._account.app_id)
        return _element(body, "Content")


class AtRasa:
    """Posts to Rasa's REST channel what the router would; keeps the draft as the router does."""

    def __init__(self, port: int, hotline: str) -> None:
        self._connection = Connection(port, timeout=10.0)
        self._hotline = hotline
        self._said = 0
        self._sender = ""
        self._last: Decision | None = None

    async def ask(self, question: Question) -> str:
        if self._said % TALK == 0:
            self._sender, self._last = secrets.token_hex(16), None
        self._said += 1
        body = {
            "sender": self._sender,
            "message": question.text,
            "metadata": msgspec.to_builtins(self._turn(question)),
        }
        answer = await self._connection.post(
            "/webhooks/rest/webhook", msgspec.json.encode(body), "application/json"
        )
        if answer.status != 200:
            raise NoAnswer(str(answer.status))
        return self._read(answer.body)

    async def close(self) -> None:
        await self._connection.close()

    def _turn(self, question: Question) -> Turn:
        return Turn(
            id=f"{self._sender[:8]}-{self._said}",
            text=question.text,
            hotline=self._hotline,
            channel="wechat",
            now=datetime.now(UTC),
            draft=self._last.draft if self._last else None,
            offered=tuple(o for reply in self._last.replies for o in reply.options)
            if self._last
            else (),
        )

    def _read(self, body: bytes) -> str:
        try:
            self._last = decision_from(msgspec.json.decode(body))
        except (NotATurn, msgspec.DecodeError) as error:
            raise NoAnswer("not a decision") from error
        return "\n".join(reply.text for reply in self._last.replies)


class AtStockRasa:
    """Posts the bare message; Rasa keeps the talk in its tracker."""

    def __init__(self, port: int) -> None:
        self._connection = Connection(port, timeout=10.0)
        self._said = 0
        self._sender = ""

    async def ask(self, question: Question) -> str:
        if self._said % TALK == 0:
            self._sender = secrets.token_hex(16)
        self._said += 1
        body = {"sender": self._sender, "message": question.text}
        answer = await self._connection.post(
            "/webhooks/rest/webhook", msgspec.json.encode(body), "application/json"
        )
        replies: list[dict[str, Any]] = msgspec.json.decode(answer.body)
        if answer.status != 200 or not replies:
            raise NoAnswer(f"{answer.status}, {len(replies)} replies")
        return "\n".join(reply.get("text", "") for reply in replies)

    async def close(self) -> None:
        await self._connection.close()


def _element(body: bytes, name: str) -> str:
    found = fromstring(body).findtext(name)  # noqa: S314 - our own gateway's answer
    if found is None:
        raise NoAnswer(f"no {name}")
    return found
