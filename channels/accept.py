"""Taking a message in: known before, too many, or on its partition's stream, in one script.

Once `Accept` has returned, the message is safe and the platform may be told so. When it raises a
`redis.RedisError` nothing may be acknowledged: the platform will ask again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from redis.asyncio import Redis

from channels import keys
from wire.keys import MEDIA_WANTED, inbound, partition_of, seen
from wire.messages import FIELD, Inbound, encode

PER_MINUTE = 20
TOO_MANY = "您发得太快了，刚才这条没有收下。请过一分钟再发。"
# Telegram repeats an update for up to 24 hours; WeChat for seconds.
_SEEN_SECONDS = 26 * 3600

_SCRIPT = """
local known = redis.call('GET', KEYS[1])
if known then return {1, known} end
local count = redis.call('INCR', KEYS[3])
if count == 1 then redis.call('PEXPIRE', KEYS[3], 60000) end
local limit = tonumber(ARGV[4])
if count > limit then
  local outcome = 'dropped'
  if count == limit + 1 then outcome = 'told' end
  redis.call('SET', KEYS[1], outcome, 'EX', ARGV[3])
  return {0, outcome}
end
redis.call('SET', KEYS[1], 'kept', 'EX', ARGV[3])
redis.call('XADD', KEYS[2], '*', ARGV[1], ARGV[2])
if ARGV[6] ~= '' then redis.call('SET', KEYS[4], ARGV[5], 'EX', ARGV[6]) end
local at = 7
for k = 5, #KEYS do
  local most, seconds, channel, name = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
  local count = tonumber(ARGV[at + 4])
  local entry = {'XADD', KEYS[k]}
  if most ~= '' then
    entry[#entry + 1] = 'MAXLEN'
    entry[#entry + 1] = '~'
    entry[#entry + 1] = most
  end
  entry[#entry + 1] = '*'
  for i = 1, count do entry[#entry + 1] = ARGV[at + 4 + i] end
  redis.call(unpack(entry))
  if seconds ~= '' then redis.call('EXPIRE', KEYS[k], seconds) end
  if channel ~= '' then redis.call('PUBLISH', channel, name) end
  at = at + 5 + count
end
return {0, 'kept'}
"""


class Outcome(StrEnum):
    KEPT = "kept"  # it is on the stream
    TOLD = "told"  # the first one too many: the citizen is told, once
    DROPPED = "dropped"  # one too many after that


class Accepted(NamedTuple):
    is_new: bool
    outcome: Outcome


class Beside(NamedTuple):
    """An entry of another stream that stands or falls with the message."""

    stream: str
    fields: Mapping[bytes, bytes]
    at_most: int | None = None
    seconds: int | None = None
    channel: str = ""
    name: bytes = b""

    def arguments(self) -> list[bytes | str | int]:
        values: list[bytes | str | int] = [
            self.at_most or "",
            self.seconds or "",
            self.channel,
            self.name,
            2 * len(self.fields),
        ]
        for field, value in self.fields.items():
            values += [field, value]
        return values


class Noted(NamedTuple):
    """A value that is set with a message that is new, and not with its repeats."""

    key: str
    value: int
    seconds: int


_NOTHING_NOTED = Noted("", 0, 0)


class Accept:
    def __init__(self, redis: Redis, per_minute: int = PER_MINUTE) -> None:
        self._script = redis.register_script(_SCRIPT)
        self._per_minute = per_minute

    async def __call__(
        self,
        message: Inbound,
        beside: Sequence[Beside] = (),
        noted: Noted = _NOTHING_NOTED,
    ) -> Accepted:
        """Keep the message, once; a repeat answers what became of the first."""
        others = [*beside, *_files_wanted(message)]
        script_keys = [
            seen(message.account, message.message_id),
            inbound(partition_of(message.account, message.external_id)),
            keys.rate(message.account, message.external_id),
            noted.key or seen(message.account, message.message_id),
            *(other.stream for other in others),
        ]
        arguments: list[bytes | str | int] = [
            FIELD,
            encode(message),
            _SEEN_SECONDS,
            self._per_minute,
            noted.value,
            noted.seconds or "",
        ]
        for other in others:
            arguments += other.arguments()
        answer: Any = await self._script(keys=script_keys, args=arguments)
        repeated, outcome = answer
        return Accepted(not repeated, Outcome(outcome.decode()))


def _files_wanted(message: Inbound) -> list[Beside]:
    """The sender holds the platforms' tokens, so it fetches what is not kept yet."""
    return [
        Beside(
            MEDIA_WANTED,
            {
                b"account": message.account.encode(),
                b"message_id": message.message_id.encode(),
                b"platform_id": media.platform_id.encode(),
            },
        )
        for media in message.media
        if not media.key
    ]
