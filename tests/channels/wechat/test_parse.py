from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from channels.wechat.parse import BY_MESSAGE, BY_TAP, BrokenXml, Push, fields_of, push_of
from tests.channels.conftest import wechat_account
from wire.messages import InboundKind

NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
BEGIN = "<xml><ToUserName>gh_1</ToUserName><FromUserName>o-1</FromUserName>"
BEGIN += "<CreateTime>1764000000</CreateTime>"


def understood(rest: str) -> Push:
    fields = fields_of(f"{BEGIN}{rest}</xml>".encode())
    return push_of(fields, wechat_account(), NOW, NOW + timedelta(seconds=4.5))


def a_message(kind: str, rest: str) -> Push:
    return understood(f"<MsgType>{kind}</MsgType><MsgId>23456789012345678</MsgId>{rest}")


def an_event(event: str, key: str = "") -> Push:
    key = f"<EventKey>{key}</EventKey>"
    return understood(f"<MsgType>event</MsgType><Event>{event}</Event>{key}")


def test_words_are_text_with_the_platforms_id_and_time() -> None:
    inbound = a_message("text", "<Content> 停水了 \n</Content>").inbound
    assert inbound is not None
    assert (inbound.kind, inbound.text) == (InboundKind.TEXT, "停水了")
    assert inbound.message_id == "23456789012345678"
    assert inbound.sent_at == datetime.fromtimestamp(1764000000, UTC)


def test_a_tap_on_a_menu_of_ours_is_a_choice_and_grants_little() -> None:
    tapped = a_message("text", "<Content>满意</Content><bizmsgmenuid>101</bizmsgmenuid>")
    assert tapped.inbound is not None
    assert (tapped.inbound.kind, tapped.inbound.choice) == (InboundKind.CHOICE, "101")
    assert tapped.grant == BY_TAP
    assert a_message("text", "<Content>满意</Content>").grant == BY_MESSAGE


@pytest.mark.parametrize(
    ("kind", "rest", "expected", "media"),
    [
        ("image", "<MediaId>m1</MediaId><PicUrl>http://x</PicUrl>", InboundKind.IMAGE, ["m1"]),
        (
            "voice",
            "<MediaId>m1</MediaId><MediaId16K>m16</MediaId16K><Recognition></Recognition>",
            InboundKind.OTHER,
            ["m16"],
        ),
        ("voice", "<MediaId>m1</MediaId>", InboundKind.OTHER, ["m1"]),
        ("video", "<MediaId>m1</MediaId>", InboundKind.OTHER, ["m1"]),
        ("text", "<Content></Content>", InboundKind.OTHER, []),
        ("text", "<Content>【收到不支持的消息类型，暂无法显示】</Content>", InboundKind.OTHER, []),
        ("new_kind", "", InboundKind.OTHER, []),
    ],
)
def test_other_kinds_are_kept_with_their_files(
    kind: str, rest: str, expected: InboundKind, media: list[str]
) -> None:
    inbound = a_message(kind, rest).inbound
    assert inbound is not None
    assert inbound.kind is expected
    assert [file.platform_id for file in inbound.media] == media


def test_a_place_is_kept_as_its_words() -> None:
    inbound = a_message(
        "location", "<Location_X>39.9</Location_X><Location_Y>116.4</Location_Y><Label>西四</Label>"
    ).inbound
    assert inbound is not None
    assert inbound.text == "西四 (39.9,116.4)"


@pytest.mark.parametrize(
    ("event", "key", "kind", "choice"),
    [
        ("subscribe", "", InboundKind.FOLLOW, ""),
        ("subscribe", "qrscene_hall-3", InboundKind.FOLLOW, "hall-3"),
        ("SCAN", "hall-3", InboundKind.CHOICE, "hall-3"),
        ("CLICK", "complain", InboundKind.CHOICE, "complain"),
    ],
)
def test_following_and_tapping_are_understood(
    event: str, key: str, kind: InboundKind, choice: str
) -> None:
    push = an_event(event, key)
    assert push.inbound is not None
    assert (push.inbound.kind, push.inbound.choice) == (kind, choice)
    assert push.inbound.message_id.startswith("event-")
    assert push.grant == BY_TAP


@pytest.mark.parametrize("event", ["unsubscribe", "LOCATION", "VIEW", "subscribe_msg_sent_event"])
def test_what_says_nothing_to_the_hotline_is_passed_over(event: str) -> None:
    assert an_event(event).inbound is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<xml>",
        b"{}",
        b"<a/>",
        b"\xff\xfe\x00",
        b"<xml><A/><A/></xml>",
        b'<?xml version="1.0" encoding="no-such"?><xml/>',
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><A>&e;</A></xml>',
    ],
)
def test_broken_and_dangerous_xml_is_refused(body: bytes) -> None:
    with pytest.raises(BrokenXml):
        fields_of(body)


@pytest.mark.parametrize("missing", ["FromUserName", "CreateTime"])
def test_a_push_without_its_basics_is_refused(missing: str) -> None:
    fields = fields_of(f"{BEGIN}<MsgType>text</MsgType><MsgId>1</MsgId></xml>".encode())
    del fields[missing]
    with pytest.raises(BrokenXml):
        push_of(fields, wechat_account(), NOW, NOW)


def test_a_senseless_time_is_replaced_by_ours() -> None:
    fields = fields_of(f"{BEGIN}<MsgType>text</MsgType><MsgId>1</MsgId></xml>".encode())
    fields["CreateTime"] = "9" * 30
    inbound = push_of(fields, wechat_account(), NOW, NOW).inbound
    assert inbound is not None
    assert inbound.sent_at == NOW
