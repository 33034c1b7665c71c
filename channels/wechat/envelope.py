"""Safe mode's envelope: AES-256-CBC around the XML, with the account's id at its end.

wechatpy does the AES; everything it may raise on bad input becomes `NotForUs` here. Two keys are
held while an account's key is being changed; a reply uses the key that opened the message.
"""

from __future__ import annotations

import base64
import struct
from typing import NamedTuple

from wechatpy.crypto import PrpCrypto
from wechatpy.exceptions import WeChatException

from channels.wechat.signature import signature_of


class NotForUs(ValueError):
    """It cannot be opened with this account's keys, or was sealed for another account."""


class Opened(NamedTuple):
    xml: bytes
    key: int  # which key opened it


class Envelope:
    def __init__(self, app_id: str, token: str, encoding_keys: tuple[str, ...]) -> None:
        self._app_id = app_id
        self._token = token
        self._ciphers = [
            PrpCrypto(base64.b64decode(encoding_key + "=")) for encoding_key in encoding_keys
        ]

    def open(self, encrypted: str) -> Opened:
        for number, cipher in enumerate(self._ciphers):
            try:
                return Opened(cipher.decrypt(encrypted, self._app_id).encode(), number)
            except (WeChatException, ValueError, IndexError, KeyError, TypeError, struct.error):
                continue
        raise NotForUs("the envelope does not open")

    def seal(self, xml: str, key: int, *, timestamp: int, nonce: str) -> str:
        """The reply, sealed; `nonce` is the one of the request."""
        encrypted = self._ciphers[key].encrypt(xml, self._app_id).decode()
        signature = signature_of(self._token, str(timestamp), nonce, encrypted)
        return (
            f"<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt>"
            f"<MsgSignature><![CDATA[{signature}]]></MsgSignature>"
            f"<TimeStamp>{timestamp}</TimeStamp>"
            f"<Nonce><![CDATA[{_plain(nonce)}]]></Nonce></xml>"
        )


def _plain(nonce: str) -> str:
    """A nonce is signed but chosen by whoever holds the address: keep it out of the markup."""
    return nonce.replace("]]>", "")
