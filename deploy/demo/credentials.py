"""The demo's own secrets: made once, kept in QIANMEN_HOME/demo.env, readable by its owner only.

What the environment gives is never replaced.
"""

from __future__ import annotations

import base64
import fcntl
import os
import secrets
from collections.abc import Callable, MutableMapping
from pathlib import Path

PASSWORD = "QIANMEN_DEMO_PASSWORD"  # noqa: S105 - the variable's name

_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # none that look alike


def _password() -> str:
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))


def _hex(length: int) -> Callable[[], str]:
    return lambda: secrets.token_hex(length // 2)


def _aes_key() -> str:
    """43 characters, as WeChat's console gives: 32 bytes in base64 without the padding."""
    return base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")


def _bot_token() -> str:
    return f"{secrets.randbelow(9 * 10**9) + 10**9}:{secrets.token_hex(18)[:35]}"


MAKERS: dict[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(48),
    PASSWORD: _password,
    "WECHAT_12345_SECRET": _hex(32),
    "WECHAT_12345_TOKEN": _hex(24),
    "WECHAT_12345_AES_KEY": _aes_key,
    "WECHAT_12341_SECRET": _hex(32),
    "WECHAT_12341_TOKEN": _hex(24),
    "TELEGRAM_12341_TOKEN": _bot_token,
    "TELEGRAM_12341_SECRET": _hex(32),
}


def lay_out(home: Path, environ: MutableMapping[str, str]) -> None:
    """Put every secret of the demo into the environment, making those that are not there yet."""
    file = home / "demo.env"
    kept = _read(file)
    if not MAKERS.keys() <= kept.keys():
        home.mkdir(parents=True, exist_ok=True)
        with (home / "demo.env.lock").open("w") as lock:  # two commands may both be the first
            fcntl.flock(lock, fcntl.LOCK_EX)
            kept = _complete(file)
    for name in MAKERS:
        environ.setdefault(name, kept[name])


def _read(file: Path) -> dict[str, str]:
    if not file.is_file():
        return {}
    lines = (line.partition("=") for line in file.read_text().splitlines())
    return {name: value for name, _, value in lines if name and not name.startswith("#")}


def _complete(file: Path) -> dict[str, str]:
    kept = _read(file)
    values = kept | {name: make() for name, make in MAKERS.items() if name not in kept}
    text = "# The demo's own secrets. Delete the file to have new ones made.\n"
    text += "".join(f"{name}={value}\n" for name, value in values.items())
    half = file.with_name("demo.env.half")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(text)
    half.replace(file)
    return values
