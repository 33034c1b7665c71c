"""No text that a citizen can send holds up the others."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from intake.category import category
from intake.complaint import read, warm
from intake.emergency import emergency
from intake.intent import intent
from intake.kind import kind
from intake.occurred import occurred, ongoing
from intake.person import identity, name, phone
from intake.place import place
from intake.privacy import mask_for_bot, mask_for_screen

NOW = datetime(2026, 3, 18, tzinfo=UTC)
LENGTH = 20_000
# fmt: off
PIECES = (
    "1", "a", "一", "路", "3号楼", "朝阳区", "A1区", "和", "在", "请", "望", "年", "三", "嗯", "对",
    "谢谢", "好的", "感谢", "投诉", "建议", "1-", "1 ", "(0", "[人名]", "3月", "2026年", "现在正在",
    "昨天晚上", "有人", "电梯", "着火", "我叫王", "王先生", "电话", "13800138000", "😀", "半夜",
    "每天", "救命", "路和", "大街", "，", " ", "\n",
)
# fmt: on
READERS: dict[str, Callable[[str], Any]] = {
    "emergency": emergency,
    "kind": kind,
    "intent": intent,
    "place": place,
    "occurred": lambda text: occurred(text, NOW),
    "ongoing": ongoing,
    "phone": phone,
    "name": name,
    "identity": identity,
    "mask_for_bot": mask_for_bot,
    "mask_for_screen": mask_for_screen,
    "category": category,
    "read": lambda text: read(text, NOW),
}


@pytest.mark.parametrize("reader", READERS)
def test_twenty_thousand_characters_are_read_in_a_moment(reader: str) -> None:
    warm()
    for piece in PIECES:
        text = (piece * LENGTH)[:LENGTH]
        began = time.thread_time()
        READERS[reader](text)
        assert time.thread_time() - began < 0.5, f"{reader} on {piece!r}"


@pytest.mark.parametrize(
    "text", ["", " ", "\0", "\ud800".encode("utf-8", "replace").decode(), "a\u200bb"]
)
def test_odd_characters_are_read_like_any(text: str) -> None:
    for reader in READERS.values():
        reader(text)
