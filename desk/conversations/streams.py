"""What every stream that is read by a group needs: the group, and an end to its growth."""

from __future__ import annotations

from typing import Any

from redis.exceptions import ResponseError


def make_group(redis: Any, stream: str, group: str) -> None:
    """Make the group that reads a stream from its beginning, and the stream; twice is once."""
    try:
        redis.xgroup_create(stream, group, id="0", mkstream=True)
    except ResponseError as error:
        if "BUSYGROUP" not in str(error):
            raise


def trim(redis: Any, stream: str) -> None:
    """Drop what lies below the oldest entry that its one group has not acknowledged."""
    for group in redis.xinfo_groups(stream):
        pending = redis.xpending(stream, group["name"])
        oldest = pending["min"] or group["last-delivered-id"]
        redis.xtrim(stream, minid=oldest, approximate=True)
