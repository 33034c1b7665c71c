from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from channels.accounts import TelegramAccount
from channels.telegram.parse import NotAnUpdate, Understood, update_of
from wire.messages import InboundKind

NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
ACCOUNT = TelegramAccount(
    id="12341-telegram", hotline="12341", bot_token="42:secret", secret_token="s"
)
PERSON = {"id": 5, "is_bot": False, "first_name": "测"}
CHAT = {"id": 5, "type": "private"}


def a_message(**content: Any) -> dict[str, Any]:
    return {"message_id": 9, "date": 1764000000, "chat": CHAT, "from": PERSON} | content


def understood(update: dict[str, Any]) -> Understood:
    body = json.dumps({"update_id": 700} | update).encode()
    return update_of(body, ACCOUNT, NOW)


def test_words_are_text_named_by_bot_and_update() -> None:
    inbound = understood({"message": a_message(text="路灯不亮")}).inbound
    assert inbound is not None
    assert (inbound.kind, inbound.text) == (InboundKind.TEXT, "路灯不亮")
    assert (inbound.external_id, inbound.message_id) == ("5", "42-700")
    assert inbound.sent_at == datetime.fromtimestamp(1764000000, UTC)
    assert inbound.reply_by is None


@pytest.mark.parametrize(
    ("content", "kind", "text", "choice"),
    [
        ({"text": "/start"}, InboundKind.FOLLOW, "", ""),
        ({"text": "/start hall-3"}, InboundKind.FOLLOW, "", "hall-3"),
        ({"text": "/starting"}, InboundKind.TEXT, "/starting", ""),
        ({"text": " \n"}, InboundKind.OTHER, "", ""),
        ({"dice": {"emoji": "🎲", "value": 3}}, InboundKind.OTHER, "", ""),
        ({"location": {"latitude": 39.9, "longitude": 116.4}}, InboundKind.OTHER, "39.9,116.4", ""),
        (
            {"contact": {"phone_number": "01000000", "first_name": "x", "user_id": 5}},
            InboundKind.TEXT,
            "01000000",
            "",
        ),
        (
            {"contact": {"phone_number": "01000000", "first_name": "x", "user_id": 6}},
            InboundKind.OTHER,
            "",
            "",
        ),
        (
            {"contact": {"phone_number": "01000000", "first_name": "x"}},
            InboundKind.OTHER,
            "",
            "",
        ),
    ],
)
def test_content_is_understood(
    content: dict[str, Any], kind: InboundKind, text: str, choice: str
) -> None:
    inbound = understood({"message": a_message(**content)}).inbound
    assert inbound is not None
    assert (inbound.kind, inbound.text, inbound.choice) == (kind, text, choice)


def test_of_a_photos_sizes_the_largest_is_taken_with_its_caption() -> None:
    sizes = [
        {"file_id": name, "file_unique_id": name, "width": size, "height": size}
        for name, size in (("small", 90), ("large", 1280))
    ]
    inbound = understood({"message": a_message(photo=sizes, caption="垃圾")}).inbound
    assert inbound is not None
    assert (inbound.kind, inbound.text) == (InboundKind.IMAGE, "垃圾")
    assert [media.platform_id for media in inbound.media] == ["large"]


def test_a_tap_is_a_choice_and_is_to_be_answered() -> None:
    query = {"id": "q1", "from": PERSON, "chat_instance": "1", "data": "entry-1"}
    found = understood({"callback_query": query | {"message": a_message(text="x")}})
    assert found.callback_query == "q1"
    assert found.inbound is not None
    assert (found.inbound.kind, found.inbound.choice) == (InboundKind.CHOICE, "entry-1")


def test_what_was_edited_is_said_as_a_correction() -> None:
    edited = a_message(text="三号楼", edit_date=1764000100)
    inbound = understood({"edited_message": edited}).inbound
    assert inbound is not None
    assert inbound.text == "更正：三号楼"
    moving = a_message(location={"latitude": 1, "longitude": 1}, edit_date=1764000100)
    assert understood({"edited_message": moving}).inbound is None


@pytest.mark.parametrize(
    "update",
    [
        {"message": a_message(text="x", chat={"id": -1, "type": "group"})},
        {"message": a_message(text="x") | {"from": PERSON | {"is_bot": True}}},
        {"poll_answer_of_the_future": {"x": 1}},
        {},
    ],
)
def test_groups_bots_and_the_unknown_are_passed_over(update: dict[str, Any]) -> None:
    assert understood(update).inbound is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"update_id": "7"}',
        b'{"update_id": true}',
        b'{"update_id": 7, "message": {}}',
        b'{"update_id": 7, "message": []}',
        b'{"update_id": 7, "message": "x"}',
        b'{"update_id": 7, "callback_query": {"id": 1}}',
        b"\xff",
    ],
)
def test_what_is_not_an_update_is_refused_by_name(body: bytes) -> None:
    with pytest.raises(NotAnUpdate):
        update_of(body, ACCOUNT, NOW)
