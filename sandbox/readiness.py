"""How far the demo's processes are, gathered for the start page.

The pages cannot ask the other processes themselves (another origin), so the sandbox does.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import httpx
import msgspec

_TIMEOUT = httpx.Timeout(1.5)
_FRESH = 6.0  # a process touches its file every two seconds
_PARTS = {
    "redis": "消息总线",
    "replies": "回话通道",
    "worker": "办件流转",
    "sender": "发送",
    "database": "数据库",
    "index": "知识索引",
    "rasa": "机器人",
    "media": "附件存放",
}


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """One process, or one part that it needs."""

    name: str
    title: str
    state: str  # ready | partly | down
    note: str = ""
    optional: bool = False


class Readiness:
    def __init__(
        self,
        client: httpx.AsyncClient,
        *,
        public_url: str,
        desk_url: str,
        rasa_url: str,
        actions_url: str,
        home: Path,
    ) -> None:
        self._client = client
        self._home = home
        self._gateway = f"{public_url}/readyz"
        self._desk = f"{desk_url}/readyz"
        self._rasa = f"{rasa_url}/healthz"
        self._actions = f"{actions_url}/healthz"

    async def look(self) -> list[Standing]:
        asked = await asyncio.gather(
            self._ask("gateway", "收发网关", self._gateway),
            self._ask("desk", "坐席台", self._desk),
            self._ask("rasa", "机器人 Rasa", self._rasa, optional=True),
            self._ask("actions", "机器人动作", self._actions, optional=True),
        )
        return [
            *asked[:2],
            self._beat("sender", "发送", "sender*.ready"),
            self._beat("worker", "办件流转", "worker*.ready"),
            *asked[2:],
        ]

    async def _ask(
        self, name: str, title: str, address: str, *, optional: bool = False
    ) -> Standing:
        try:
            answer = await self._client.get(address, timeout=_TIMEOUT)
        except httpx.RequestError:
            return Standing(
                name=name, title=title, state="down", note="还没有应答", optional=optional
            )
        if answer.status_code == 200:
            return Standing(name=name, title=title, state="ready", optional=optional)
        missing = "、".join(_PARTS.get(name, name) for name in _missing(answer))
        note = f"还缺{missing}" if missing else f"应答 HTTP {answer.status_code}"
        return Standing(name=name, title=title, state="partly", note=note, optional=optional)

    def _beat(self, name: str, title: str, pattern: str) -> Standing:
        """A process without HTTP says that it lives by touching a file."""
        newest = 0.0
        for path in (self._home / "run").glob(pattern):
            try:
                newest = max(newest, path.stat().st_mtime)
            except FileNotFoundError:  # removed between the listing and the look
                continue
        if not newest:
            return Standing(name=name, title=title, state="down", note="还没有启动")
        if time.time() - newest > _FRESH:
            return Standing(name=name, title=title, state="partly", note="没有动静了")
        return Standing(name=name, title=title, state="ready")


def _missing(answer: httpx.Response) -> list[str]:
    """Names of the parts that a `/readyz` says are not there, whatever its exact form."""
    try:
        content: Any = answer.json()
    except ValueError:
        return []
    parts = content.get("parts", content) if isinstance(content, dict) else {}
    if not isinstance(parts, dict):
        return []
    return [str(name) for name, part in parts.items() if name != "ready" and _is_down(part)]


def _is_down(part: Any) -> bool:
    if isinstance(part, dict):
        return not (part.get("ok", part.get("ready", part.get("state") in ("ok", "ready"))))
    return part in (False, None, "down", "missing", "error")
