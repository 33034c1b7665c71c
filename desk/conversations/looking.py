"""Who has a talk open just now. Kept in Redis only: a browser that goes silent is forgotten."""

from __future__ import annotations

import time

import structlog
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from desk.conversations.bus import redis
from desk.conversations.live import announce
from desk.conversations.models import Conversation
from desk.people.models import User

log = structlog.get_logger(__name__)

LOOKS_FOR = 40  # seconds after a sign; an open page gives one each 15


def look(conversation: Conversation, user: User) -> None:
    """Note that the user looks; who looked before is told when they are new."""
    try:
        is_new = _is_gone(redis().zscore(_key(conversation), user.pk))
        redis().zadd(_key(conversation), {str(user.pk): time.time()})
        redis().expire(_key(conversation), LOOKS_FOR * 2)
    except RedisError as error:
        log.warning("lookers unknown", error=type(error).__name__)
        return
    if is_new:
        announce("look", hotline=conversation.hotline_id, conversation=conversation.pk)


def look_away(conversation: Conversation, user: User) -> None:
    try:
        gone = redis().zrem(_key(conversation), user.pk)
    except RedisError as error:
        log.warning("lookers unknown", error=type(error).__name__)
        return
    if gone:
        announce("look", hotline=conversation.hotline_id, conversation=conversation.pk)


def others_looking(conversation: Conversation, user: User) -> list[User]:
    """Who else has the talk open, by name."""
    try:
        found = redis().zrangebyscore(_key(conversation), time.time() - LOOKS_FOR, "+inf")
    except RedisError as error:
        log.warning("lookers unknown", error=type(error).__name__)
        return []
    numbers = [int(number) for number in found if int(number) != user.pk]
    return list(User.objects.filter(pk__in=numbers).order_by("username")) if numbers else []


def in_words(users: list[User]) -> str:
    if not users:
        return ""
    return _("%s also looks at this talk") % "、".join(str(user) for user in users)


def _key(conversation: Conversation) -> str:
    return f"qm:look:{conversation.pk}"


def _is_gone(score: float | None) -> bool:
    return score is None or float(score) < time.time() - LOOKS_FOR
