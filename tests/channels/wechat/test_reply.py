from __future__ import annotations

import httpx
import pytest

from channels.wechat.reply import text_reply
from channels.wechat.send import together
from tests.channels.desk_double import an_outbound
from tests.channels.wechat_double import parsed
from wire.messages import Option, Part
from wire.wechat import LIMIT, numbered, pieces_of


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("您好", "您好"),
        ("a]]>b", "a]]>b"),
        ("]]></Content><Content>x", "]]></Content><Content>x"),
        ("a\x08\x00b", "ab"),
        ("<b>&amp;", "<b>&amp;"),
        ("第一行\n第二行", "第一行\n第二行"),
    ],
)
def test_no_text_breaks_out_of_the_answer(text: str, shown: str) -> None:
    xml = text_reply(citizen="o", account_name="gh", text=text, created=1)
    found = parsed(httpx.Response(200, content=xml))
    assert found.findtext("Content") == shown
    assert len(found) == 5


def test_a_long_answer_is_cut_and_its_options_come_last() -> None:
    options = tuple(Option(id=str(number), label="选项" * 20) for number in range(4))
    pieces = pieces_of(an_outbound(parts=(Part(text="长话。" * 500, options=options),)))
    assert len(pieces) > 2
    assert all(len(numbered(piece).encode()) <= LIMIT for piece in pieces)
    assert [bool(piece.options) for piece in pieces] == [False] * (len(pieces) - 1) + [True]


def test_more_options_than_a_message_holds_become_several_menus() -> None:
    options = tuple(Option(id=str(number), label="选" * 60) for number in range(30))
    pieces = pieces_of(an_outbound(parts=(Part(text="请选", options=options),)))
    assert all(len(numbered(piece).encode()) <= LIMIT for piece in pieces)
    assert [option.id for piece in pieces for option in piece.options] == [
        option.id for option in options
    ]


def test_bubbles_put_together_stay_within_the_limit_and_count_what_they_cover() -> None:
    rest = [Part(text="字" * 300), Part(text="字" * 300), Part(text="字" * 300)]
    merged = together(rest)
    assert [piece.covers for piece in merged] == [2, 1]
    assert all(len(piece.part.text.encode()) <= LIMIT for piece in merged)
