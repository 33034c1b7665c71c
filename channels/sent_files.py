"""Files that agents send: read from the store for the platforms that carry files, and handed out by
the gateway to the citizens of those that carry links.

An address is a secret of its own, good for thirty days: as long as the web chat shows its lines.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import filetype
import structlog
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from channels.errors import Refused, TryLater
from environment.media_store import HANDED_OUT, SENT_PICTURES, MediaStore, sent_on
from wire.messages import File

log = structlog.get_logger(__name__)
OPEN_FOR = timedelta(days=30)
_GONE = "这个文件已经过期或不存在，需要时请再向坐席索取。"
_HEADERS = {**HANDED_OUT, "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}


class SentFiles:
    def __init__(self, store: MediaStore, public_url: str) -> None:
        self._store = store
        self._public_url = public_url

    async def read(self, file: File) -> bytes:
        try:
            return await asyncio.to_thread(self._store.read, file.key)
        except FileNotFoundError as error:
            raise Refused("file-gone") from error
        except OSError as error:
            raise TryLater("storage") from error

    def as_link(self, file: File) -> str:
        return f"［文件］{file.name}\n{self._public_url}/files/{file.key}"

    async def hand_out(self, request: Request) -> Response:
        """`GET /files/{key}`: a picture in the page, a paper as a download."""
        key = request.path_params["key"]
        day = sent_on(key)
        if day is None or day < (datetime.now(UTC) - OPEN_FOR).date():
            return _gone()
        try:
            content = await asyncio.to_thread(self._store.read, key)
        except FileNotFoundError:
            return _gone()
        except OSError as error:
            log.warning("files.storage", error=type(error).__name__)
            return PlainTextResponse("文件暂时取不到，请稍后再试。", 503)
        kind = filetype.guess_mime(content) or ""
        if kind in SENT_PICTURES:
            return Response(content, media_type=kind, headers=_HEADERS)
        # Without a name: the web page's link gives the one that the citizen was shown.
        return Response(
            content,
            media_type="application/octet-stream",
            headers={**_HEADERS, "Content-Disposition": "attachment"},
        )


def _gone() -> Response:
    return PlainTextResponse(_GONE, 404, headers=_HEADERS)
