"""What the phones showed, kept over a restart: the desk remembers a talk, so must its citizen.

Only the last citizens of each account; files and tokens are not kept. What cannot be read is
left aside with a warning: a sandbox starts in any case.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import msgspec
import structlog

from sandbox.telegram.citizens import Citizens as TelegramCitizens
from sandbox.telegram.citizens import Kept as TelegramKept
from sandbox.wechat.citizens import Citizens as WechatCitizens
from sandbox.wechat.citizens import Kept as WechatKept

MOST_CITIZENS = 50  # of each account
EVERY = 3.0

_log = structlog.get_logger("sandbox.memory")


class Snapshot(msgspec.Struct, kw_only=True):
    wechat: dict[str, list[WechatKept]] = {}
    telegram: dict[str, list[TelegramKept]] = {}


class Memory:
    def __init__(
        self,
        path: Path,
        wechat: dict[str, WechatCitizens],
        telegram: dict[str, TelegramCitizens],
    ) -> None:
        self._path = path
        self._wechat = wechat
        self._telegram = telegram
        self._written = 0

    def recall(self) -> None:
        """Show again what the last run showed."""
        try:
            snapshot = msgspec.json.decode(self._path.read_bytes(), type=Snapshot)
        except FileNotFoundError:
            return
        except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
            _log.warning("what the phones showed cannot be read", error=type(error).__name__)
            return
        for account, kept in snapshot.wechat.items():
            if account in self._wechat:
                self._wechat[account].restore(kept)
        for account, known in snapshot.telegram.items():
            if account in self._telegram:
                self._telegram[account].restore(known)
        self._written = self._lines()

    async def keep_writing(self) -> None:
        """Write it whenever something was said; ends when it is cancelled."""
        while True:
            await asyncio.sleep(EVERY)
            if self._lines() != self._written:
                await self.write()

    async def write(self) -> None:
        self._written = self._lines()
        body = msgspec.json.encode(
            Snapshot(
                wechat={id: one.keep(MOST_CITIZENS) for id, one in self._wechat.items()},
                telegram={id: one.keep(MOST_CITIZENS) for id, one in self._telegram.items()},
            )
        )
        try:
            await asyncio.to_thread(_replace, self._path, body)
        except OSError as error:
            _log.warning("what the phones showed cannot be kept", error=type(error).__name__)

    def _lines(self) -> int:
        wechat = sum(one.chat.last for known in self._wechat.values() for one in known.all())
        return wechat + sum(
            one.chat.last for known in self._telegram.values() for one in known.all()
        )


def _replace(path: Path, body: bytes) -> None:
    """All of it or what was there before; for the owner's eyes only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(body)
    fresh.replace(path)
