import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connections
from redis.client import Pipeline
from redis.exceptions import ConnectionError as RedisConnectionError

from desk.conversations.bus import redis
from desk.conversations.deliveries import DeliveryLoop
from desk.conversations.intake_loop import GROUP, IntakeLoop
from desk.conversations.lanes import Lanes
from desk.conversations.leases import Leases, lease_key
from desk.conversations.models import Message, OutboundMessage, Partition
from desk.conversations.router import LostPartition, Router
from desk.people.models import Hotline
from wire import keys
from wire.messages import (
    FIELD,
    IS_DELIVERY,
    IS_MEDIA,
    TYPE_FIELD,
    Delivery,
    DeliveryState,
    Inbound,
    encode,
)

pytestmark = pytest.mark.django_db(transaction=True)
Said = Callable[..., Inbound]


@pytest.fixture
def lanes() -> Iterator[Lanes]:
    lanes = Lanes(4, connections.close_all)
    yield lanes
    lanes.close()


def arrive(inbound: Inbound) -> int:
    partition = keys.partition_of(inbound.account, inbound.external_id)
    redis().xadd(keys.inbound(partition), {FIELD: encode(inbound)})
    return partition


def until(holds: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


class Running:
    """A worker's intake in a thread of its own."""

    def __init__(self, name: str, router: Any, lanes: Lanes) -> None:
        self.leases = Leases(redis(), name)
        self.loop = IntakeLoop(redis(), router, self.leases, lanes)
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        from django.db import connection

        while not self.stop.is_set():
            self.leases.round()
            self.loop.prepare()
            self.loop.read()
        connection.close()

    def kill(self) -> None:
        """Gone without giving anything back."""
        self.stop.set()
        self.thread.join()


def test_messages_of_a_citizen_are_answered_in_order(
    bot: Any, hotline: Hotline, said: Said, lanes: Lanes
) -> None:
    for number in range(12):
        arrive(said(str(number), citizen=f"c{number % 3}"))
    worker = Running("w1", Router(bot), lanes)
    until(lambda: OutboundMessage.objects.count() == 12)
    worker.kill()
    for citizen in range(3):
        texts = Message.objects.filter(
            author="citizen", conversation__citizen__external_id=f"c{citizen}"
        ).order_by("id")
        assert [int(message.text) for message in texts] == list(range(citizen, 12, 3))
    assert all(
        redis().xpending(keys.inbound(partition), GROUP)["pending"] == 0
        for partition in worker.leases.held
    )


def test_what_a_dead_worker_left_is_answered_by_the_next(
    bot: Any, hotline: Hotline, said: Said, lanes: Lanes
) -> None:
    reached = threading.Event()

    class Dies:
        def route(self, inbound: Inbound, fence: Any) -> None:
            reached.set()
            raise LostPartition("dies before it writes")

    question = said("你好")
    partition = arrive(question)
    dead = Running("w1", Dies(), lanes)
    assert reached.wait(20)
    dead.kill()
    assert redis().xpending(keys.inbound(partition), GROUP)["pending"] == 1
    for number in range(keys.PARTITIONS):
        redis().delete(lease_key(number))  # their six seconds are over
    redis().delete("qm:workers")
    heir = Running("w2", Router(bot), lanes)
    until(lambda: OutboundMessage.objects.count() == 1)
    heir.kill()
    assert Partition.objects.get(number=partition).fence == 2


class LosesAnAnswer:
    """Redis, whose first answer with something new never arrives: it has been given out, though."""

    def __init__(self) -> None:
        self.lost = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(redis(), name)

    def xreadgroup(self, group: str, consumer: str, streams: dict[str, str], **more: Any) -> Any:
        answer = redis().xreadgroup(group, consumer, streams, **more)
        if answer and not self.lost and ">" in streams.values():
            self.lost = len(answer)
            raise RedisConnectionError("gone")
        return answer


def test_what_was_given_out_in_a_lost_answer_is_read_again(
    bot: Any, hotline: Hotline, said: Said, lanes: Lanes
) -> None:
    unsteady = LosesAnAnswer()
    leases = Leases(unsteady, "w1")
    loop = IntakeLoop(unsteady, Router(bot), leases, lanes)
    leases.round()
    loop.prepare()
    loop.read()
    arrive(said("你好"))
    with pytest.raises(RedisConnectionError):
        loop.read()
    loop.prepare()
    loop.read()
    until(lambda: OutboundMessage.objects.count() == 1)
    assert unsteady.lost == 1


def test_what_was_leased_before_a_failure_is_prepared_after_it(
    bot: Any, hotline: Hotline, said: Said, lanes: Lanes
) -> None:
    partition = arrive(said("你好"))
    leases = Leases(redis(), "w1")
    loop = IntakeLoop(redis(), Router(bot), leases, lanes)
    leases.round()  # here the worker's round failed, before it came to prepare anything
    leases.round()
    loop.prepare()
    loop.read()
    until(lambda: OutboundMessage.objects.count() == 1)
    assert redis().xinfo_groups(keys.inbound(partition))[0]["name"] == GROUP.encode()


def test_two_workers_share_the_partitions(hotline: Hotline) -> None:
    first, second = Leases(redis(), "w1"), Leases(redis(), "w2")
    first.round()
    assert len(first.held) == keys.PARTITIONS
    second.round()
    first.round()
    for partition in first.surplus():
        first.release(partition)
    second.round()
    assert len(first.held) == len(second.held) == keys.PARTITIONS // 2
    assert not set(first.held) & set(second.held)


def test_a_lease_that_somebody_else_has_is_given_up(hotline: Hotline) -> None:
    leases = Leases(redis(), "w1")
    leases.round()
    redis().set(lease_key(5), "somebody else")
    assert leases.round() == {5}
    assert 5 not in leases.held


def test_what_is_no_message_is_put_aside_and_stops_nothing(
    bot: Any, hotline: Hotline, said: Said, lanes: Lanes
) -> None:
    question = said("你好")
    partition = keys.partition_of(question.account, question.external_id)
    redis().xadd(keys.inbound(partition), {FIELD: b"not a message"})
    arrive(question)
    worker = Running("w1", Router(bot), lanes)
    until(lambda: OutboundMessage.objects.count() == 1)
    worker.kill()
    assert redis().xlen("qm:dead") == 1


def test_a_delivery_is_shown_and_ends_the_relaying(bot: Any, hotline: Hotline, said: Said) -> None:
    from datetime import UTC, datetime

    Router(bot).route(said("你好"))
    row = OutboundMessage.objects.get()
    delivery = Delivery(
        outbound=row.pk, state=DeliveryState.REFUSED, at=datetime.now(UTC), reason="45015"
    )
    loop = DeliveryLoop(redis(), "w1")
    loop.prepare()
    redis().xadd(keys.DELIVERIES, {TYPE_FIELD: IS_DELIVERY, FIELD: encode(delivery)})
    loop.read()
    row.refresh_from_db()
    assert (row.status, row.reason) == ("refused", "45015")


def test_a_job_that_fails_does_not_stop_those_behind_it() -> None:
    lanes = Lanes(1, connections.close_all)
    done = threading.Event()

    def fails() -> None:
        raise ValueError("a fault of ours")

    lanes.add("a", fails)
    lanes.add("a", done.set)
    assert done.wait(10)
    lanes.close()


def test_lanes_keep_order_and_run_beside_each_other() -> None:
    lanes = Lanes(4)
    done: list[tuple[str, int]] = []
    for number in range(50):
        for lane in "ab":
            lanes.add(lane, lambda at=(lane, number): done.append(at))  # type: ignore[misc]
    assert lanes.wait_below(1, 10)
    lanes.close()
    for lane in "ab":
        assert [number for name, number in done if name == lane] == list(range(50))


def test_a_picture_that_is_kept_before_its_message_is_recorded_is_not_lost(
    bot: Any, hotline: Hotline, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desk.conversations import deliveries
    from desk.conversations.models import Attachment
    from wire.messages import InboundKind, Media, MediaFetched

    monkeypatch.setattr(deliveries, "LEFT_BY_A_DEAD_WORKER_MS", 0)
    picture = said(kind=InboundKind.IMAGE, media=(Media(platform_id="media-1"),))
    fetched = MediaFetched(
        account=picture.account, message_id=picture.message_id, platform_id="media-1", key="a.jpg"
    )
    loop = DeliveryLoop(redis(), "w1")
    loop.prepare()
    redis().xadd(keys.DELIVERIES, {TYPE_FIELD: IS_MEDIA, FIELD: encode(fetched)})
    loop.read()
    Router(bot).route(picture)
    loop.take_over()
    assert Attachment.objects.get().key == "a.jpg"
    assert redis().xpending(keys.DELIVERIES, "desk")["pending"] == 0


def test_a_reply_goes_out_together_with_its_acknowledgement(
    bot: Any, hotline: Hotline, said: Said, lanes: Lanes, monkeypatch: pytest.MonkeyPatch
) -> None:
    trips: list[list[str]] = []
    execute = Pipeline.execute

    def counted(self: Pipeline, *args: Any, **more: Any) -> Any:
        trips.append([str(command[0][0]) for command in self.command_stack])
        return execute(self, *args, **more)

    monkeypatch.setattr(Pipeline, "execute", counted)
    partition = arrive(said("你好"))
    worker = Running("w1", Router(bot), lanes)
    until(lambda: any("XACK" in trip for trip in trips))
    worker.kill()
    assert ["EVAL", "PUBLISH", "XACK"] in trips
    assert redis().xpending(keys.inbound(partition), GROUP)["pending"] == 0
    assert redis().xlen(keys.OUTBOUND) == 1
