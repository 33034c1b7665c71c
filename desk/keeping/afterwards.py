"""What a database that comes out of an archive must not do: say again what was said then, trust
who was logged in then, or bring back who was erased since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog
from django.contrib.sessions.models import Session
from django.db import connection
from redis.exceptions import RedisError

from desk.conversations.bus import redis
from desk.conversations.models import DeliveryStatus, OutboundMessage
from desk.keeping.models import Erasure
from wire import keys

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Settled:
    unsent: int  # messages that were on their way then, and are not sent again
    is_redis_told: bool


def settle() -> Settled:
    unsent = OutboundMessage.objects.filter(status=DeliveryStatus.PENDING).update(
        status=DeliveryStatus.UNKNOWN, reason="restored"
    )
    Session.objects.all().delete()
    return Settled(unsent, _forget_owners())


def erased_since(made_at: datetime) -> list[str]:
    """Who was erased after an archive was made, as options of `erase_citizen`."""
    if Erasure._meta.db_table not in connection.introspection.table_names():
        return []
    options: list[str] = []
    for erasure in Erasure.objects.filter(at__gte=made_at, rule="").order_by("pk"):
        options += [f"--citizen {number}" for number in erasure.citizens]
        if not erasure.citizens:
            options += [f"--case {number}" for number in erasure.cases]
    return list(dict.fromkeys(options))


def _forget_owners() -> bool:
    """Redis knows higher epochs than the restored talks have, and would refuse their words."""
    try:
        for key in redis().scan_iter(match=keys.owner("*"), count=500):
            redis().delete(key)
    except RedisError as error:
        log.warning("owners were not forgotten", error=type(error).__name__)
        return False
    return True
