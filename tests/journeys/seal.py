"""WeChat's signatures and envelopes, from its documents: SHA-1 over sorted parts, AES-256-CBC.

Written apart from `channels` and `sandbox`, so that a mistake of theirs is not made here too.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 32  # the padding's; the cipher's own is 16


def new_key() -> str:
    """43 characters, as the console makes them."""
    return base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")


def signature(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True)
class Seal:
    """Safe mode of one account."""

    encoding_aes_key: str
    app_id: str

    @property
    def _key(self) -> bytes:
        return base64.b64decode(self.encoding_aes_key + "=")

    def close(self, text: str) -> str:
        body = text.encode()
        plain = secrets.token_bytes(16) + len(body).to_bytes(4, "big") + body + self.app_id.encode()
        padding = _BLOCK - len(plain) % _BLOCK
        encryptor = self._cipher().encryptor()
        sealed = encryptor.update(plain + bytes([padding]) * padding) + encryptor.finalize()
        return base64.b64encode(sealed).decode()

    def open(self, sealed: str) -> str:
        """Raises `ValueError` for what this account cannot read."""
        decryptor = self._cipher().decryptor()
        padded = decryptor.update(base64.b64decode(sealed, validate=True)) + decryptor.finalize()
        padding = padded[-1]
        if not 1 <= padding <= _BLOCK or padded[-padding:] != bytes([padding]) * padding:
            raise ValueError("padding")
        plain = padded[:-padding]
        length = int.from_bytes(plain[16:20], "big")
        if plain[20 + length :].decode() != self.app_id:
            raise ValueError("another account's")
        return plain[20 : 20 + length].decode()

    def _cipher(self) -> Cipher[modes.CBC]:
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16]))
