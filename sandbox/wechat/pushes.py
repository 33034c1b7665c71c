"""What WeChat posts to an account's webhook, and how it is sealed and signed.

A `Twist` makes a push that only an attacker or a broken proxy would send; tests ask for it.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sandbox.accounts import WechatAccount
from sandbox.wechat.envelope import encrypt, sign


class Twist(StrEnum):
    NONE = ""
    WRONG_SIGNATURE = "wrong_signature"
    WRONG_MSG_SIGNATURE = "wrong_msg_signature"
    OLD_TIMESTAMP = "old_timestamp"
    FOREIGN_APP_ID = "foreign_app_id"
    CORRUPT_CIPHERTEXT = "corrupt_ciphertext"
    NO_TYPE = "no_type"
    ENTITY_BOMB = "entity_bomb"
    NOT_XML = "not_xml"
    PLAIN_IN_SAFE_MODE = "plain_in_safe_mode"


_A_DAY = 24 * 3600


@dataclass(frozen=True)
class Raw:
    """Elements inside an element."""

    xml: str


Fields = Mapping[str, str | int | Raw]


@dataclass(frozen=True)
class Push:
    """One delivery. A retry repeats it to the letter."""

    body: bytes
    query: Mapping[str, str]
    nonce: str
    msg_id: str


class MsgIds:
    """Rising 64-bit numbers that a later start does not repeat."""

    def __init__(self) -> None:
        self._last = time.time_ns() // 100 * 10

    def next(self) -> str:
        self._last += 1 + secrets.randbelow(9)
        return str(self._last)


def message(kind: str, content: Fields, msg_id: str) -> dict[str, str | int | Raw]:
    return {"MsgType": kind, **content, "MsgId": int(msg_id)}


def event(kind: str, content: Fields) -> dict[str, str | int | Raw]:
    """Events carry no MsgId."""
    return {"MsgType": "event", "Event": kind, **content}


def push(
    account: WechatAccount,
    openid: str,
    fields: Fields,
    *,
    at: int | None = None,
    twist: Twist = Twist.NONE,
) -> Push:
    """Seal and sign the fields as the account's mode asks."""
    now = int(time.time())
    header: dict[str, str | int | Raw] = {
        "ToUserName": account.original_id,
        "FromUserName": openid,
        "CreateTime": at or now,
    }
    if twist is Twist.NO_TYPE:
        fields = {name: value for name, value in fields.items() if name != "MsgType"}
    plain = to_xml({**header, **fields})
    if twist is Twist.ENTITY_BOMB:
        plain = '<!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa">]>' + plain.replace("</xml>", "&a;</xml>")
    if twist is Twist.NOT_XML:
        plain = "no xml at all"

    timestamp = str(now - _A_DAY if twist is Twist.OLD_TIMESTAMP else now)
    nonce = str(secrets.randbelow(2_000_000_000) + 1)
    signature = sign(account.token, timestamp, nonce)
    query = {"signature": signature, "timestamp": timestamp, "nonce": nonce, "openid": openid}
    if twist is Twist.WRONG_SIGNATURE:
        query["signature"] = sign("not the token", timestamp, nonce)
    if account.is_safe and twist is not Twist.PLAIN_IN_SAFE_MODE:
        plain = _seal(account, plain, query, twist)
    return Push(body=plain.encode(), query=query, nonce=nonce, msg_id=str(fields.get("MsgId", "")))


def _seal(account: WechatAccount, plain: str, query: dict[str, str], twist: Twist) -> str:
    app_id = "wxffffffffffffffff" if twist is Twist.FOREIGN_APP_ID else account.app_id
    encrypted = encrypt(plain.encode(), account.encoding_aes_key, app_id)
    if twist is Twist.CORRUPT_CIPHERTEXT:
        encrypted = encrypted[:-24] + "A" * 22 + encrypted[-2:]
    query["encrypt_type"] = "aes"
    token = account.token if twist is not Twist.WRONG_MSG_SIGNATURE else "not the token"
    query["msg_signature"] = sign(token, query["timestamp"], query["nonce"], encrypted)
    return to_xml({"ToUserName": account.original_id, "Encrypt": encrypted})


def to_xml(fields: Fields) -> str:
    return f"<xml>{elements(fields)}</xml>"


def elements(fields: Fields) -> str:
    return "".join(f"<{name}>{_value(value)}</{name}>" for name, value in fields.items())


def _value(value: str | int | Raw) -> str:
    if isinstance(value, Raw):
        return value.xml
    if isinstance(value, int):
        return str(value)
    return "<![CDATA[" + value.replace("]]>", "]]]]><![CDATA[>") + "]]>"
