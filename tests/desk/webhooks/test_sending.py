"""What is told to other systems: everything, in order, signed, and by one sender at a time."""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from django.db import connections, transaction
from django.utils import timezone

from desk.cases.models import Case
from desk.cases.steps import take
from desk.people.models import User
from desk.webhooks import editing, posting
from desk.webhooks.models import Delivery, Endpoint, Outcome, Reason
from desk.webhooks.posting import Answer, Post, post
from desk.webhooks.sending import send_due, trim
from desk.webhooks.settling import give_up_what_waits_too_long
from tests.desk.webhooks.conftest import OpenCase, Receiver

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
OK, BUSY, LOST = Answer(200), Answer(503), Answer(reason=Reason.NO_ANSWER)
DOWN = Answer(reason=Reason.NO_CONNECTION)


def send_all(now: datetime | None = None) -> None:
    while send_due(now or timezone.now(), post):
        pass


class Scripted:
    """Answers what the test says to everybody, and remembers what was posted."""

    def __init__(self, answer: Answer) -> None:
        self.answer, self.posts = answer, list[Post]()

    def __call__(self, posts: Sequence[Post]) -> list[Answer]:
        self.posts += posts
        return [self.answer] * len(posts)


def note(case: Case, words: str = "看过") -> None:
    take(
        case.number, "note", User.objects.get(username="agent"), {"note": words}, at=timezone.now()
    )


def test_each_event_arrives_once_in_order_with_where_the_case_stood_then(
    endpoint: Endpoint, receiver: Receiver, open_case: OpenCase, department: object
) -> None:
    case = open_case()
    agent = User.objects.get(username="agent")
    take(case.number, "dispatch", agent, {"department": str(department)}, at=timezone.now())
    note(case)
    send_all()
    send_all()

    assert [(one.told["kind"], one.told["state"]) for one in receiver.got] == [
        ("accepted", "accepted"), ("dispatch", "dispatched"), ("note", "dispatched"),
    ]  # fmt: skip
    told = receiver.got[1].told
    assert set(told) == {
        "id", "at", "kind", "case", "hotline", "state", "department", "due_at", "by", "note",
    }  # fmt: skip
    assert (told["case"], told["hotline"], told["by"]) == (case.number, "12345", "agent")
    assert told["department"] == str(department)
    assert datetime.fromisoformat(told["due_at"]).utcoffset() == 8 * HOUR
    assert receiver.got[0].told["due_at"] is None
    assert set(Delivery.objects.values_list("state", "next_at")) == {(Outcome.SENT, None)}


def test_a_message_is_signed_with_its_time_and_carries_its_id(
    endpoint: Endpoint, receiver: Receiver, open_case: OpenCase
) -> None:
    open_case()
    send_all()
    got = receiver.got[0]
    fields = dict(part.split("=", 1) for part in got.headers["Qianmen-Signature"].split(","))
    signed = fields["t"].encode() + b"." + got.body
    right = hmac.new(endpoint.secret.encode(), signed, hashlib.sha256).hexdigest()
    assert fields["v1"] == right
    assert abs(int(fields["t"]) - timezone.now().timestamp()) < 60
    assert got.headers["Qianmen-Delivery"] == got.told["id"] == Delivery.objects.get().key
    assert got.headers["Qianmen-Event"] == "accepted"


def test_nothing_about_the_citizen_is_told(
    endpoint: Endpoint, receiver: Receiver, open_case: OpenCase
) -> None:
    case = open_case("张小花家漏水，13912345678", name="张小花", phone="13912345678", place="3号楼")
    note(case, "张小花电话13912345678，已联系")
    send_all()
    everything = b"".join(one.body for one in receiver.got).decode()
    for word in ("张小花", "13912345678", "漏水", "3号楼"):
        assert word not in everything
    assert receiver.got[1].told["note"] == "张**电话139****5678，已联系"


def test_of_a_confidential_case_no_words_are_told(
    endpoint: Endpoint, receiver: Receiver, open_case: OpenCase
) -> None:
    note(open_case(confidential=True), "是同事举报的")
    send_all()
    assert [one.told["note"] for one in receiver.got] == ["", ""]


def test_an_endpoint_hears_only_what_it_asked_for(
    receiver: Receiver, admin: User, open_case: OpenCase
) -> None:
    editing.add(receiver.url, ["note", "close"], ["12345"], by=admin, at=timezone.now())
    note(open_case())
    send_all()
    assert receiver.kinds == ["note"]
    Endpoint.objects.update(hotlines=["12341"])
    note(open_case())
    assert not send_due(timezone.now(), post)


def test_what_is_rolled_back_is_never_told(endpoint: Endpoint, open_case: OpenCase) -> None:
    case = open_case()
    before = Delivery.objects.count()
    with transaction.atomic():
        note(case)
        transaction.set_rollback(True)
    assert Delivery.objects.count() == before


@pytest.mark.parametrize("code", [400, 401, 404, 422, 301])
def test_a_refusal_is_final_and_holds_up_nothing(
    endpoint: Endpoint, receiver: Receiver, open_case: OpenCase, code: int
) -> None:
    receiver.answers = [(code, {"Location": receiver.url})]
    case = open_case()
    note(case)
    send_all()
    assert receiver.kinds == ["accepted", "note"]  # a redirect is not followed
    refused = Delivery.objects.get(event__kind="accepted")
    assert (refused.state, refused.code, refused.next_at) == (Outcome.REFUSED, code, None)
    assert refused.reason == (Reason.REDIRECT if code == 301 else Reason.STATUS)


def test_gone_turns_the_endpoint_off(
    endpoint: Endpoint, receiver: Receiver, open_case: OpenCase
) -> None:
    receiver.answers = [(410, {})]
    case = open_case()
    send_all()
    endpoint.refresh_from_db()
    assert (endpoint.active, endpoint.reason) == (False, Reason.GONE)
    note(case)
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize("code", [408, 429, 500, 503])
def test_a_busy_receiver_is_asked_again_and_later_events_of_the_case_wait(
    endpoint: Endpoint, receiver: Receiver, open_case: OpenCase, code: int
) -> None:
    receiver.answers = [(code, {})]
    first = open_case()
    note(first)
    now = timezone.now()
    send_all(now)
    assert receiver.kinds == ["accepted"]
    other = open_case("井盖坏了")
    send_all(now + timedelta(seconds=1))
    assert [one.told["case"] for one in receiver.got] == [first.number, other.number]
    send_all(now + timedelta(seconds=9))
    assert len(receiver.got) == 2
    send_all(now + timedelta(seconds=11))
    assert receiver.kinds == ["accepted", "accepted", "accepted", "note"]
    assert receiver.got[0].told == receiver.got[2].told
    assert receiver.got[0].headers["Qianmen-Delivery"] == receiver.got[2].told["id"]


@pytest.mark.parametrize("by_date", [False, True])
def test_retry_after_is_honoured(
    endpoint: Endpoint, receiver: Receiver, open_case: OpenCase, by_date: bool
) -> None:
    now = timezone.now().replace(microsecond=0)
    date = (now + HOUR).strftime("%a, %d %b %Y %H:%M:%S GMT")
    receiver.answers = [(429, {"Retry-After": date if by_date else "3600"})]
    open_case()
    now += timedelta(seconds=1)
    send_all(now)
    send_all(now + 55 * MINUTE)
    assert len(receiver.got) == 1
    send_all(now + 61 * MINUTE)
    assert len(receiver.got) == 2


def test_a_lost_answer_is_unknown_and_tried_again_under_the_same_id(
    endpoint: Endpoint, receiver: Receiver, open_case: OpenCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "TIMEOUT", 0.5)
    receiver.answers = [None]
    open_case()
    now = timezone.now()
    send_all(now)
    row = Delivery.objects.get()
    assert (row.state, row.reason, row.waits) == (Outcome.UNKNOWN, Reason.NO_ANSWER, True)
    send_all(now + MINUTE)
    row.refresh_from_db()
    assert (row.state, row.tries, row.waits) == (Outcome.SENT, 2, False)
    assert [one.told["id"] for one in receiver.got] == [row.key, row.key]


def test_no_connection_surely_did_not_arrive(endpoint: Endpoint, open_case: OpenCase) -> None:
    Endpoint.objects.update(url="http://127.0.0.1:9/")
    open_case()
    send_all()
    row = Delivery.objects.get()
    assert (row.state, row.reason, row.waits) == (Outcome.PENDING, Reason.NO_CONNECTION, True)


def test_pauses_grow_and_after_a_day_it_is_given_up(
    endpoint: Endpoint, open_case: OpenCase
) -> None:
    open_case()
    now, moments, down = timezone.now(), list[datetime](), Scripted(DOWN)
    began = now
    while (row := Delivery.objects.get()).waits and now < began + 2 * DAY:
        if send_due(now, down):
            moments.append(now)
        rested, tried = Endpoint.objects.get().rest_until, Delivery.objects.get().next_at
        now = max(rested or now, tried or now)
    pauses = [later - before for before, later in pairwise(moments)]
    assert pauses[0] <= timedelta(seconds=20)
    assert max(pauses) <= HOUR + MINUTE
    assert pauses[5] < pauses[8] < pauses[-1]
    assert (row.state, row.code) == (Outcome.GIVEN_UP, None)
    assert moments[-1] - began <= DAY


def test_what_perhaps_arrived_is_never_called_given_up(
    endpoint: Endpoint, open_case: OpenCase
) -> None:
    open_case()
    now = timezone.now()
    send_due(now, Scripted(LOST))
    send_due(now + DAY, Scripted(DOWN))
    row = Delivery.objects.get()
    assert (row.state, row.waits) == (Outcome.UNKNOWN, False)


def test_an_endpoint_that_fails_for_a_day_is_turned_off_and_supervisors_are_told(
    endpoint: Endpoint, open_case: OpenCase
) -> None:
    now = timezone.now()
    for hour in range(26):
        Delivery.objects.update(since=now)
        for n in range(3):
            open_case(f"路灯 {hour} {n}")
        Endpoint.objects.update(rest_until=None)
        Delivery.objects.filter(next_at__isnull=False).update(next_at=now)
        send_due(now, Scripted(BUSY))
        endpoint.refresh_from_db()
        if not endpoint.active:
            break
        now += HOUR
    assert endpoint.failures >= 50
    assert (endpoint.active, endpoint.reason) == (False, Reason.FAILING)
    assert endpoint.failing_since is not None
    assert DAY < now - endpoint.failing_since <= 26 * HOUR


def test_one_answer_ends_the_row_of_failures(endpoint: Endpoint, open_case: OpenCase) -> None:
    open_case()
    now = timezone.now()
    send_due(now, Scripted(BUSY))
    assert Endpoint.objects.get().failures == 1
    send_due(now + MINUTE, Scripted(OK))
    stands = Endpoint.objects.get()
    assert (stands.failures, stands.failing_since, stands.rest_until) == (0, None, None)


def test_an_endpoint_that_is_down_is_not_asked_by_all_that_wait(
    endpoint: Endpoint, open_case: OpenCase
) -> None:
    for n in range(12):
        open_case(f"路灯 {n}")
    now, down = timezone.now(), Scripted(DOWN)
    for second in range(10):
        send_due(now + timedelta(seconds=second), down)
    assert len(down.posts) == 4
    other = Scripted(OK)
    while send_due(now + 10 * MINUTE, other):
        pass
    assert len(other.posts) == 12


def test_an_endpoint_that_is_slow_to_heal_does_not_hold_up_another(
    endpoint: Endpoint, admin: User, open_case: OpenCase
) -> None:
    editing.add("http://127.0.0.1:9/other", [], [], by=admin, at=timezone.now())
    Endpoint.objects.filter(pk=endpoint.pk).update(rest_until=timezone.now() + HOUR)
    open_case()
    send = Scripted(OK)
    assert send_due(timezone.now() + MINUTE, send) == 1
    assert send.posts[0].url.endswith("/other")


def test_a_sender_that_died_leaves_it_unknown_and_another_sends_it(
    endpoint: Endpoint, open_case: OpenCase
) -> None:
    open_case()
    now = timezone.now()

    def die(_posts: Sequence[Post]) -> list[Answer]:
        raise SystemExit

    with pytest.raises(SystemExit):
        send_due(now, die)
    assert not send_due(now + MINUTE, Scripted(OK))
    assert send_due(now + 3 * MINUTE, Scripted(BUSY)) == 1
    row = Delivery.objects.get()
    assert (row.state, row.waits) == (Outcome.UNKNOWN, True)


def test_who_lost_the_lease_writes_nothing_down(endpoint: Endpoint, open_case: OpenCase) -> None:
    open_case()
    now = timezone.now()

    def slow(posts: Sequence[Post]) -> list[Answer]:
        assert send_due(now + 3 * MINUTE, Scripted(OK)) == 1
        return [BUSY] * len(posts)

    send_due(now, slow)
    assert Delivery.objects.get().state == Outcome.SENT


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_each_once_and_in_order(
    endpoint: Endpoint, receiver: Receiver, open_case: OpenCase
) -> None:
    cases = [open_case(f"路灯 {n}") for n in range(8)]
    for number in range(3):
        for case in cases:
            note(case, str(number))
    faults: list[BaseException] = []
    together = threading.Barrier(2)

    def send() -> None:
        try:
            together.wait()
            for _ in range(200):
                send_due(timezone.now(), post)
                if not Delivery.objects.filter(next_at__isnull=False).exists():
                    return
        except BaseException as error:
            faults.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len(receiver.got) == len({one.told["id"] for one in receiver.got}) == 32
    for case in cases:
        mine = [one.told["note"] for one in receiver.got if one.told["case"] == case.number]
        assert mine == ["", "0", "1", "2"]


def test_a_test_is_sent_once_also_while_the_endpoint_is_off(
    endpoint: Endpoint, receiver: Receiver
) -> None:
    editing.turn_off(endpoint, at=timezone.now())
    receiver.answers = [(500, {})]
    editing.test(endpoint, at=timezone.now())
    send_all()
    row = Delivery.objects.get()
    assert (row.state, row.code, row.waits) == (Outcome.GIVEN_UP, 500, False)
    assert receiver.got[0].told["kind"] == "test"
    endpoint.refresh_from_db()
    assert endpoint.failures == 0


def test_what_waits_at_an_endpoint_turned_off_is_sent_when_it_is_on_within_a_day(
    endpoint: Endpoint, open_case: OpenCase
) -> None:
    open_case()
    now = timezone.now()
    editing.turn_off(endpoint, at=now)
    assert not send_due(now + MINUTE, Scripted(OK))
    assert give_up_what_waits_too_long(now + HOUR) == 0
    editing.turn_on(endpoint)
    assert send_due(now + HOUR, Scripted(OK)) == 1


def test_what_waits_for_more_than_a_day_is_given_up_and_may_be_sent_again_by_hand(
    endpoint: Endpoint, open_case: OpenCase
) -> None:
    open_case()
    now = timezone.now()
    editing.turn_off(endpoint, at=now)
    assert give_up_what_waits_too_long(now + DAY + HOUR) == 1
    row = Delivery.objects.get()
    assert (row.state, row.reason, row.waits) == (Outcome.GIVEN_UP, Reason.OFF, False)
    editing.turn_on(endpoint)
    assert editing.again(row, at=now + 2 * DAY)
    assert not editing.again(row, at=now + 2 * DAY)
    assert send_due(now + 2 * DAY, Scripted(BUSY)) == 1
    assert Delivery.objects.get().waits  # its day begins anew
    send_due(now + 3 * DAY - HOUR, Scripted(OK))
    assert not editing.again(Delivery.objects.get(), at=now)


def test_what_is_over_is_kept_for_thirty_days(endpoint: Endpoint, open_case: OpenCase) -> None:
    open_case()
    now = timezone.now()
    trim(now + 31 * DAY)
    assert Delivery.objects.count() == 1  # it waits still
    send_due(now, Scripted(OK))
    trim(now + 29 * DAY)
    assert Delivery.objects.count() == 1
    trim(now + 31 * DAY)
    assert Delivery.objects.count() == 0
