"""Posts to endpoints, several at once, and says what became of each: a list of facts, no decisions.

No redirect is followed, no proxy asked, and no more than the first kilobyte of an answer read.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx

from desk.webhooks.addresses import Unreachable, resolve
from desk.webhooks.models import Reason

TIMEOUT = 10.0  # seconds, for all of it
MOST_READ = 1024


@dataclass(frozen=True)
class Post:
    url: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """What came back. Without a code: nothing, for a reason, and perhaps it arrived."""

    code: int | None = None
    retry_after: str = ""
    reason: Reason | None = None

    @property
    def is_lost(self) -> bool:
        return self.reason is Reason.NO_ANSWER


@dataclass
class _Progress:
    """Whether anything was sent yet: before that a failure is surely one."""

    sent: bool = False
    trace: Any = field(init=False)

    def __post_init__(self) -> None:
        async def trace(name: str, _info: dict[str, Any]) -> None:
            self.sent = self.sent or name.endswith("send_request_headers.started")

        self.trace = trace


@cache
def trusted() -> ssl.SSLContext:
    """What this machine trusts, a city's own authority among it, and what browsers do."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context


def post(posts: Sequence[Post], trust: ssl.SSLContext | None = None) -> list[Answer]:
    """All at once; in the order they were given. Takes little more than `TIMEOUT`."""
    return asyncio.run(_all(posts, trust or trusted()))


async def _all(posts: Sequence[Post], trust: ssl.SSLContext) -> list[Answer]:
    async with httpx.AsyncClient(
        verify=trust, timeout=TIMEOUT, follow_redirects=False, trust_env=False
    ) as client:
        return list(await asyncio.gather(*(_one(client, one) for one in posts)))


async def _one(client: httpx.AsyncClient, one: Post) -> Answer:
    progress = _Progress()
    try:
        async with asyncio.timeout(TIMEOUT):
            return await _send(client, one, progress)
    except Unreachable as error:
        return Answer(reason=Reason.PRIVATE_ADDRESS if error.is_private else Reason.NO_ADDRESS)
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError):
        return Answer(reason=Reason.NO_ANSWER if progress.sent else Reason.NO_CONNECTION)


async def _send(client: httpx.AsyncClient, one: Post, progress: _Progress) -> Answer:
    parts = urlsplit(one.url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = await resolve(host, port)
    # The address that was checked is the one that is called; the certificate is the name's.
    url = httpx.URL(one.url).copy_with(host=address)
    headers = {**one.headers, "Host": parts.netloc}
    extensions = {"sni_hostname": host, "trace": progress.trace}
    async with client.stream(
        "POST", url, content=one.body, headers=headers, extensions=extensions
    ) as response:
        with suppress(httpx.HTTPError, TimeoutError):  # the status has said it
            async with asyncio.timeout(1):
                await _read_a_little(response)
        return Answer(response.status_code, response.headers.get("Retry-After", ""))


async def _read_a_little(response: httpx.Response) -> None:
    """So that who answers in good faith can finish; who sends more is left."""
    read = 0
    async for piece in response.aiter_raw():
        read += len(piece)
        if read >= MOST_READ:
            return
