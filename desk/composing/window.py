"""How much the citizen's platform still takes from us, and until when.

What WeChat has granted is counted by the channels and ends by itself; it is read here, not kept.
The platform has the last word: this is told to the agent, nothing is refused because of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from redis.exceptions import RedisError

from desk.conversations.bus import redis
from desk.conversations.models import Author, Citizen, Conversation, Message
from wire import keys

log = structlog.get_logger(__name__)

MOST = 5  # messages for one of the citizen's
LASTS = timedelta(hours=48)
LIMITED = frozenset({"wechat"})  # Telegram and the web page take what we send at any time


@dataclass(frozen=True)
class Window:
    left: int
    until: datetime | None  # None: it has closed
    is_over: bool = False  # closed by time, not by count

    @property
    def blocks(self) -> list[bool]:
        """Five small blocks, full ones first."""
        return [position < self.left for position in range(MOST)]

    @property
    def most(self) -> int:
        return MOST


def window_of(conversation: Conversation, now: datetime) -> Window | None:
    """None where the platform has no such limit, or nobody can say now."""
    granted = granted_to(conversation.citizen)
    if granted is None:
        return None
    left, rest = granted
    if left and rest:
        return Window(min(left, MOST), now + rest)
    return Window(0, None, is_over=_is_over(conversation, now))


def granted_to(citizen: Citizen) -> tuple[int, timedelta | None] | None:
    """How many messages the platform still takes, and for how long; None where it has no limit, or
    nobody can say now."""
    if citizen.channel not in LIMITED:
        return None
    names = [keys.quota(citizen.account, citizen.external_id, name) for name in keys.GRANTS]
    try:
        with redis().pipeline(transaction=False) as commands:
            for name in names:
                commands.get(name).pttl(name)
            read = commands.execute()
    except RedisError as error:
        log.warning("the window is not known", error=type(error).__name__)
        return None
    counts = [
        (int(count or 0), int(rest)) for count, rest in zip(read[::2], read[1::2], strict=True)
    ]
    left = sum(count for count, _rest in counts)
    rests = [rest for count, rest in counts if count > 0 and rest > 0]
    return left, timedelta(milliseconds=max(rests)) if rests else None


def _is_over(conversation: Conversation, now: datetime) -> bool:
    """Whether the citizen's last message is so long ago that time alone has closed the window."""
    last = (
        Message.objects.filter(conversation=conversation, author=Author.CITIZEN)
        .order_by("-id")
        .values_list("at", flat=True)
        .first()
    )
    return last is None or now - last >= LASTS
