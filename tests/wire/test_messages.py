from datetime import UTC, datetime

import pytest

from wire.keys import PARTITIONS, partition_of
from wire.messages import Inbound, InboundKind, NotAMessage, Outbound, decode, encode

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


def an_inbound(**changes: object) -> Inbound:
    values: dict[str, object] = {
        "account": "12341-wechat",
        "channel": "wechat",
        "hotline": "12341",
        "external_id": "o-citizen",
        "message_id": "24000000000000001",
        "kind": InboundKind.TEXT,
        "text": "家里暖气不热找谁",
        "sent_at": NOON,
        "received_at": NOON,
    }
    return Inbound(**(values | changes))  # type: ignore[arg-type]


def test_a_message_survives_the_stream() -> None:
    message = an_inbound()
    assert decode(encode(message), Inbound) == message


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"account": 7}', b"\xff\xfe"])
def test_what_is_not_a_message_is_refused_by_name(body: bytes) -> None:
    with pytest.raises(NotAMessage):
        decode(body, Inbound)


def test_an_outbound_without_an_epoch_is_refused() -> None:
    body = b'{"id":"1","account":"a","external_id":"e","conversation":"c","author":"bot"}'
    with pytest.raises(NotAMessage):
        decode(body, Outbound)


def test_a_citizen_keeps_one_partition() -> None:
    first = partition_of("12341-wechat", "o-citizen")
    assert first == partition_of("12341-wechat", "o-citizen")
    assert 0 <= first < PARTITIONS


def test_an_account_and_a_citizen_do_not_run_together() -> None:
    """``a`` + ``bc`` and ``ab`` + ``c`` are different citizens."""
    spread = {partition_of(account, citizen) for account, citizen in [("a", "bc"), ("ab", "c")]}
    assert len(spread) == 2
