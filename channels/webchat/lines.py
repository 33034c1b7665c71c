"""What a web citizen and the hotline said: a short stream that any gateway can resume from.

An entry is a `Line`: what the citizen sent, put there by the script that kept the message, or an
Outbound, put there once by the sender.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import msgspec
from redis.asyncio import Redis

from channels import keys
from channels.accept import Beside
from wire.messages import FIELD, Part

AT_MOST = 500
_KEPT_SECONDS = 30 * 24 * 3600
_SENT_SECONDS = 3 * 24 * 3600

_PUT_ONCE = """
if not redis.call('SET', KEYS[1], '1', 'NX', 'EX', ARGV[1]) then return 0 end
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[2], '*', ARGV[3], ARGV[4])
redis.call('EXPIRE', KEYS[2], ARGV[5])
redis.call('PUBLISH', ARGV[6], ARGV[7])
return 1
"""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    id: str  # the browser's own id, or the Outbound's
    who: str  # citizen | bot | agent | system
    parts: tuple[Part, ...] = ()
    picture: bool = False
    at: datetime
    place: str = ""  # the entry's id in the stream; set on the way out


_encode = msgspec.json.Encoder().encode


def beside(account: str, external_id: str, line: Line) -> Beside:
    """The citizen's own line, kept in one script with the message."""
    return Beside(
        keys.web_stream(account, external_id),
        {FIELD: _encode(line)},
        at_most=AT_MOST,
        seconds=_KEPT_SECONDS,
        channel=keys.WEB_CHANNEL,
        name=keys.name(account, external_id),
    )


class Lines:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._put_once: Callable[..., Awaitable[Any]] = redis.register_script(_PUT_ONCE)

    async def put(self, account: str, external_id: str, line: Line) -> bool:
        """Show a line to the citizen; the second time for one id does nothing."""
        put = await self._put_once(
            keys=[keys.web_sent(line.id), keys.web_stream(account, external_id)],
            args=[
                _SENT_SECONDS,
                AT_MOST,
                FIELD,
                _encode(line),
                _KEPT_SECONDS,
                keys.WEB_CHANNEL,
                keys.name(account, external_id),
            ],
        )
        return bool(put)

    async def after(self, account: str, external_id: str, place: str) -> list[Line]:
        """What was said after `place`; from the beginning when it is empty."""
        entries: Any = await self._redis.xrange(
            keys.web_stream(account, external_id), min=f"({place}" if place else "-"
        )
        return [_line(place, fields) for place, fields in entries]


def _line(place: bytes, fields: dict[bytes, bytes]) -> Line:
    line = msgspec.json.decode(fields[FIELD], type=Line)
    return msgspec.structs.replace(line, place=place.decode())
