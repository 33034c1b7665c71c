"""WeChat's signatures and its encrypted envelope, written from the platform's side.

Own code rather than the gateway's library: a double that shares its subject's mistakes finds none.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 32  # WeChat pads to 32, not to AES's 16


class EnvelopeError(ValueError):
    """What came cannot be opened as WeChat would open it."""


def sign(*parts: str) -> str:
    """The hex SHA-1 over the sorted parts: the token, the time, the nonce, and the ciphertext."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324


def same(ours: str, theirs: str) -> bool:
    return hmac.compare_digest(ours.encode(), theirs.encode())


def encrypt(message: bytes, encoding_aes_key: str, app_id: str, random: bytes = b"") -> str:
    random = random or secrets.token_hex(8).encode()
    plain = random + len(message).to_bytes(4, "big") + message + app_id.encode()
    padding = _BLOCK - len(plain) % _BLOCK
    plain += bytes([padding]) * padding
    writer = _cipher(encoding_aes_key).encryptor()
    return base64.b64encode(writer.update(plain) + writer.finalize()).decode()


def decrypt(encrypted: str, encoding_aes_key: str, app_id: str) -> bytes:
    """The message inside; raises `EnvelopeError` when it is not for this account."""
    try:
        sealed = base64.b64decode(encrypted, validate=True)
    except ValueError as error:
        raise EnvelopeError("not base64") from error
    if not sealed or len(sealed) % 16:
        raise EnvelopeError("not whole blocks")
    reader = _cipher(encoding_aes_key).decryptor()
    plain = reader.update(sealed) + reader.finalize()
    padding = plain[-1]
    if not 1 <= padding <= _BLOCK or plain[-padding:] != bytes([padding]) * padding:
        raise EnvelopeError("bad padding")
    content = plain[16:-padding]
    length = int.from_bytes(content[:4], "big")
    message, owner = content[4 : 4 + length], content[4 + length :]
    if len(message) != length or owner != app_id.encode():
        raise EnvelopeError("another account's")
    return message


def _cipher(encoding_aes_key: str) -> Cipher[modes.CBC]:
    key = base64.b64decode(encoding_aes_key + "=")
    return Cipher(algorithms.AES(key), modes.CBC(key[:16]))
