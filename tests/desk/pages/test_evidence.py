from __future__ import annotations

from desk.conversations.evidence import Span, pieces


def text_of(text: str, *spans: Span) -> list[tuple[str, tuple[int, ...], tuple[int, ...]]]:
    return [(piece.text, piece.numbers, piece.ends) for piece in pieces(text, spans)]


def test_marked_words_stand_by_themselves_with_their_number_at_the_end() -> None:
    assert text_of("昨晚还在打桩", Span("time", 1, 0, 2), Span("category", 2, 4, 6)) == [
        ("昨晚", (1,), (1,)),
        ("还在", (), ()),
        ("打桩", (2,), (2,)),
    ]


def test_words_within_words_keep_both_numbers() -> None:
    assert text_of("昨晚打桩", Span("content", 1, 0, 4), Span("time", 2, 0, 2)) == [
        ("昨晚", (1, 2), (2,)),
        ("打桩", (1,), (1,)),
    ]


def test_the_whole_message_is_numbered_and_not_underlined() -> None:
    (piece,) = pieces("打桩", [Span("content", 1, 0, 2)])
    assert not piece.is_underlined
    (piece,) = pieces("打桩", [Span("category", 1, 0, 2)])
    assert piece.is_underlined


def test_masking_a_number_moves_no_mark() -> None:
    text = "我是 +86 139 0000 6207 张女士"
    start = text.index("张")
    assert text_of(text, Span("name", 1, start, start + 1)) == [
        ("我是 139****6207 ", (), ()),
        ("张", (1,), (1,)),
        ("女士", (), ()),
    ]


def test_a_mark_inside_a_number_shows_none_of_its_digits() -> None:
    shown = "".join(piece.text for piece in pieces("打 13900006207", [Span("phone", 1, 2, 7)]))
    assert shown == "打 139****6207"


def test_a_mark_beyond_the_words_is_left_out() -> None:
    assert text_of("打桩", Span("time", 1, 1, 9)) == [("打桩", (), ())]
