"""What is said to citizens: written with its cause, relayed after the commit, and again until a
Delivery comes back. The sender's claim makes the repetition harmless.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import uuid4

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from msgspec import structs
from redis.exceptions import RedisError

from desk.conversations.bus import after_commit, redis
from desk.conversations.models import Conversation, DeliveryStatus, OutboundMessage
from wire import keys
from wire.messages import FIELD, Inbound, Outbound, Part, Template, decode, encode

log = structlog.get_logger(__name__)

REPLY_KEPT_FOR = timedelta(minutes=10)  # longer than all of a platform's retries
RELAY_AGAIN_AFTER = timedelta(seconds=30)
FIRST_RELAY_WITHIN = timedelta(seconds=2)
BATCH = 200

# Only ever raises the epoch that the sender's claim sees.
_RAISE = """
local function raise(key, epoch)
  local known = tonumber(redis.call('GET', key) or '-1')
  if tonumber(epoch) > known then redis.call('SET', key, epoch, 'EX', 604800) end
end
"""
_MIRROR = f"{_RAISE} raise(KEYS[1], ARGV[1]) return 1"

# Raises the mirrored epoch before anything is sent under it; keeps the reply for the exchange
# that waits and for its retries; adds what the sender is to send to its stream.
_RELAY = f"""
{_RAISE}
raise(KEYS[3], ARGV[5])
if ARGV[3] ~= '' then
  redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
  redis.call('PUBLISH', ARGV[6], ARGV[3])
end
if ARGV[4] == '1' then redis.call('XADD', KEYS[1], '*', ARGV[7], ARGV[1]) end
return 1
"""


def write(
    conversation: Conversation,
    author: str,
    parts: Sequence[Part],
    *,
    answering: Inbound | None = None,
) -> OutboundMessage:
    """Put an Outbound into the outbox, inside the caller's transaction; relayed after it."""
    outbound = _outbound(conversation, author, parts, answering)
    if conversation.is_practice:  # nothing of it leaves the desk
        return OutboundMessage.objects.create(
            id=outbound.id,
            conversation=conversation,
            body=encode(outbound),
            status=DeliveryStatus.SENT,
            delivered_at=timezone.now(),
        )
    row = OutboundMessage.objects.create(
        id=outbound.id,
        conversation=conversation,
        in_reply_to=outbound.in_reply_to,
        body=encode(outbound),
    )
    transaction.on_commit(lambda: relay([outbound]))
    return row


def write_notice(
    conversation: Conversation,
    parts: Sequence[Part],
    *,
    template: Template | None = None,
) -> OutboundMessage:
    """Words about a case, which go out whoever has the talk: no change of speaker supersedes them.

    What stands in the place of the conversation has no owner, and so no epoch that could rise.
    """
    said = _outbound(conversation, "system", parts, None)
    outbound = structs.replace(said, conversation=f"notice-{said.id}", epoch=0, template=template)
    row = OutboundMessage.objects.create(
        id=outbound.id, conversation=conversation, body=encode(outbound)
    )
    transaction.on_commit(lambda: relay([outbound]))
    return row


def nothing_to_say(conversation: Conversation, inbound: Inbound) -> None:
    """End the exchange without words, after the commit. It needs no row: a redelivery says so
    again."""
    silent = _outbound(conversation, "system", (), inbound)
    transaction.on_commit(lambda: relay([silent]))


def _outbound(
    conversation: Conversation, author: str, parts: Sequence[Part], answering: Inbound | None
) -> Outbound:
    citizen = conversation.citizen
    return Outbound(
        id=uuid4().hex,
        account=citizen.account,
        external_id=citizen.external_id,
        conversation=str(conversation.pk),
        epoch=conversation.epoch,
        author=author,
        parts=tuple(parts),
        in_reply_to=answering.message_id if answering else "",
        reply_by=answering.reply_by if answering else None,
    )


def say_again(conversation: Conversation, inbound: Inbound) -> None:
    """A message that came twice: its reply goes out again, to be refused by the claim."""
    rows = conversation.outbox.filter(in_reply_to=inbound.message_id)
    pending = [decode(bytes(row.body), Outbound) for row in rows]
    if pending:
        relay(pending)
    else:
        nothing_to_say(conversation, inbound)


def relay(outbounds: Iterable[Outbound], *, again: bool = False) -> list[str]:
    """Hand Outbounds to the channels; returns the ids of those that they have.

    What an exchange still waits for goes only there at first: the sender would have nothing to
    do but watch. With Redis down, or the exchange gone, it waits for `relay_pending`.
    """
    commands = after_commit()
    handed_over: list[str] = []
    for outbound in outbounds:
        answering = outbound.in_reply_to
        try:
            commands.eval(
                _RELAY,
                3,
                keys.OUTBOUND,
                keys.reply(outbound.account, answering or "-"),
                keys.owner(outbound.conversation),
                encode(outbound),
                int(REPLY_KEPT_FOR.total_seconds() * 1000),
                f"{outbound.account}\0{answering}" if answering else "",
                "1" if outbound.parts and (again or not _is_awaited(outbound)) else "0",
                outbound.epoch,
                keys.REPLIES,
                FIELD,
            )
        except RedisError as error:
            log.warning("outbound waits", outbound=outbound.id, error=type(error).__name__)
            break
        handed_over.append(outbound.id)
    return handed_over


def _is_awaited(outbound: Outbound) -> bool:
    return outbound.reply_by is not None and outbound.reply_by > timezone.now()


def relay_pending(now: datetime | None = None) -> int:
    """Relay what has had no Delivery for too long; returns how many."""
    now = now or timezone.now()
    rows = list(
        OutboundMessage.objects.filter(status=DeliveryStatus.PENDING)
        .filter(
            Q(relayed_at__isnull=True, created_at__lt=now - FIRST_RELAY_WITHIN)
            | Q(relayed_at__lt=now - RELAY_AGAIN_AFTER)
        )
        .order_by("created_at")[:BATCH]
    )
    if not rows:
        return 0
    relayed = relay((decode(bytes(row.body), Outbound) for row in rows), again=True)
    OutboundMessage.objects.filter(pk__in=relayed).update(relayed_at=now)
    return len(relayed)


def mirror_epoch(conversation: int, epoch: int) -> None:
    """Tell the sender's claim who owns the talk now; only ever raises what it finds."""
    try:
        redis().eval(_MIRROR, 1, keys.owner(str(conversation)), epoch)
    except RedisError as error:
        log.warning("epoch not mirrored", conversation=conversation, error=type(error).__name__)
