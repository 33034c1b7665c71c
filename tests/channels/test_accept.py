from __future__ import annotations

from datetime import UTC, datetime

from redis.asyncio import Redis

from channels.accept import Accept, Beside, Outcome
from channels.wechat.parse import BY_MESSAGE
from channels.wechat.quota import Quota, granted
from wire.keys import inbound, partition_of
from wire.messages import Inbound, InboundKind

NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


def a_message(number: int = 1) -> Inbound:
    return Inbound(
        account="12341-wechat",
        channel="wechat",
        hotline="12341",
        external_id="o-citizen",
        message_id=f"m{number}",
        kind=InboundKind.TEXT,
        text="你好",
        sent_at=NOW,
        received_at=NOW,
    )


async def test_a_new_message_renews_the_quota_and_its_repeat_does_not(redis: Redis) -> None:
    accept, quota = Accept(redis), Quota(redis)
    grant = granted("12341-wechat", "o-citizen", BY_MESSAGE)
    await accept(a_message(), noted=grant)
    assert await quota.left("12341-wechat", "o-citizen") == BY_MESSAGE.messages
    assert await redis.ttl(grant.key) == int(BY_MESSAGE.lasts.total_seconds())

    await quota.spent("12341-wechat", "o-citizen")
    repeated = await accept(a_message(), noted=grant)
    assert not repeated.is_new
    assert await quota.left("12341-wechat", "o-citizen") == BY_MESSAGE.messages - 1


async def test_what_stands_beside_a_message_comes_with_it_once(redis: Redis) -> None:
    accept, beside = Accept(redis), [Beside("other", {b"a": b"1"})]
    grant = granted("12341-wechat", "o-citizen", BY_MESSAGE)
    await accept(a_message(), beside)
    await accept(a_message(2), beside, noted=grant)
    await accept(a_message(2), beside)
    assert await redis.xlen("other") == 2
    assert await redis.xlen(inbound(partition_of("12341-wechat", "o-citizen"))) == 2


async def test_one_too_many_is_not_kept_and_grants_nothing(redis: Redis) -> None:
    accept = Accept(redis, per_minute=1)
    grant = granted("12341-wechat", "o-citizen", BY_MESSAGE)
    outcomes = [(await accept(a_message(1))).outcome]
    outcomes += [(await accept(a_message(n), noted=grant)).outcome for n in (2, 3)]
    assert outcomes == [Outcome.KEPT, Outcome.TOLD, Outcome.DROPPED]
    assert await Quota(redis).left("12341-wechat", "o-citizen") == 0
