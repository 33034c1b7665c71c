from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime, timedelta

import pytest
from redis.asyncio import Redis

from channels.claim import PASSIVE_GRACE_MS, Claims, Passive, Sending, ended
from tests.channels.desk_double import an_outbound, told
from wire.keys import owner
from wire.messages import DeliveryState, Outbound, Part

NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
SOON = NOW + timedelta(seconds=4)
LATER = NOW + timedelta(seconds=5)


@pytest.fixture
def claims(redis: Redis) -> Claims:
    return Claims(redis)


def a_reply(**changes: object) -> Outbound:
    return an_outbound(reply_by=SOON, **changes)


async def test_of_exchange_and_sender_exactly_one_wins_two_hundred_times(claims: Claims) -> None:
    """Both ask in the same moment, the one by the clock of reply_by, the other just after it."""
    winners = {"exchange": 0, "sender": 0}
    for _ in range(200):
        outbound = a_reply()
        asked = [
            claims.for_exchange(outbound, SOON),
            claims.for_sender(outbound, "sender-1", SOON),
        ]
        shuffled = random.random() < 0.5  # noqa: S311  no secret
        results = await asyncio.gather(*(reversed(asked) if shuffled else asked))
        exchange, sender = reversed(results) if shuffled else results
        won = [exchange.result is Passive.WON, sender.result is Sending.WON]
        assert won.count(True) == 1
        winners["exchange" if won[0] else "sender"] += 1
    assert min(winners.values()) > 20


async def test_the_sender_waits_until_the_exchange_can_no_longer_answer(claims: Claims) -> None:
    outbound = a_reply()
    assert (await claims.for_sender(outbound, "s", NOW)).result is Sending.WAITING
    assert (await claims.for_sender(outbound, "s", LATER)).result is Sending.WON
    assert (await claims.for_exchange(outbound, NOW)).result is Passive.LOST


async def test_the_exchange_that_won_gets_the_same_again(claims: Claims) -> None:
    outbound = a_reply()
    first = await claims.for_exchange(outbound, NOW)
    again = await claims.for_exchange(outbound, LATER)
    assert (first.result, again.result) == (Passive.WON, Passive.REPEAT)
    assert first.at_ms == again.at_ms


async def test_an_exchange_that_is_too_late_loses(claims: Claims) -> None:
    assert (await claims.for_exchange(a_reply(), LATER)).result is Passive.LOST
    assert (await claims.for_exchange(an_outbound(), NOW)).result is Passive.LOST


async def test_what_an_earlier_owner_wrote_is_superseded_for_both(
    claims: Claims, redis: Redis
) -> None:
    await redis.set(owner("7"), 2)
    outbound = a_reply(epoch=1)
    assert (await claims.for_exchange(outbound, NOW)).result is Passive.SUPERSEDED
    assert (await claims.for_sender(outbound, "s", LATER)).result is Sending.SUPERSEDED
    assert (await claims.for_sender(a_reply(epoch=2), "s", LATER)).result is Sending.WON


async def test_what_another_run_began_is_abandoned_and_what_was_given_back_is_not(
    claims: Claims,
) -> None:
    outbound = an_outbound()
    assert (await claims.for_sender(outbound, "run-1", NOW)).result is Sending.WON
    await claims.piece_sent(outbound.id, 1)
    assert (await claims.for_sender(outbound, "run-2", NOW)).result is Sending.ABANDONED
    await claims.give_back(outbound.id, "run-2")
    assert (await claims.for_sender(outbound, "run-2", NOW)).result is Sending.ABANDONED
    await claims.give_back(outbound.id, "run-1")
    again = await claims.for_sender(outbound, "run-2", NOW)
    assert (again.result, again.sent) == (Sending.WON, 1)


async def test_what_is_given_back_is_dropped_when_the_owner_changes(
    claims: Claims, redis: Redis
) -> None:
    outbound = an_outbound()
    await claims.for_sender(outbound, "run-1", NOW)
    await claims.give_back(outbound.id, "run-1")
    await redis.set(owner("7"), 2)
    assert (await claims.for_sender(outbound, "run-1", NOW)).result is Sending.SUPERSEDED


async def test_the_rest_after_an_exchange_is_the_senders(claims: Claims) -> None:
    outbound = a_reply(parts=(Part(text="1"), Part(text="2")))
    await claims.for_exchange(outbound, NOW)
    assert (await claims.for_sender(outbound, "s", LATER)).result is Sending.WAITING
    await claims.exchange_sent_first(outbound)
    rest = await claims.for_sender(outbound, "s", LATER)
    assert (rest.result, rest.sent) == (Sending.WON, 1)
    assert (await claims.for_exchange(outbound, LATER)).result is Passive.REPEAT


async def test_an_exchange_that_never_reported_is_abandoned_after_its_grace(
    claims: Claims,
) -> None:
    outbound = a_reply()
    await claims.for_exchange(outbound, NOW)
    past = NOW + timedelta(milliseconds=PASSIVE_GRACE_MS + 1)
    claim = await claims.for_sender(outbound, "s", past)
    assert (claim.result, claim.via) == (Sending.ABANDONED, "passive")


async def test_an_ending_stands_but_unknown_may_be_cleared_up(claims: Claims, redis: Redis) -> None:
    outbound = an_outbound()
    states = [
        DeliveryState.UNKNOWN,
        DeliveryState.UNKNOWN,
        DeliveryState.SENT,
        DeliveryState.UNKNOWN,
        DeliveryState.REFUSED,
    ]
    news = [await claims.settle(ended(outbound.id, state, at=NOW)) for state in states]
    assert news == [True, False, True, False, False]
    assert [delivery.state for delivery in await told(redis)] == [states[0], states[2]]


async def test_the_relay_hears_again_how_an_outbound_ended(claims: Claims, redis: Redis) -> None:
    outbound = an_outbound()
    await claims.settle(ended(outbound.id, DeliveryState.REFUSED, at=NOW, reason="45047"))
    assert (await claims.for_sender(outbound, "s", NOW)).result is Sending.ENDED
    await claims.tell_again(outbound.id)
    first, again = await told(redis)
    assert first == again
