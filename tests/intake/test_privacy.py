"""No personal number reaches the bot or a screen that has no need of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.numbers_of_people import personal_numbers
from intake.privacy import mask_for_bot, mask_for_screen, mask_name, mask_phone

SECRETS = [
    "13800138000",
    "138 0013 8000",
    "138-0013-8000",
    "+8613800138000",
    "010-68012345",
    "01068012345",
    "11010519491231002X",
    "11010519491231002x",
    "110105 19491231 0021",
    "110105491231002",
    "6222021234567890123",
    "6222 0212 3456 7890 123",
    "１３８００１３８０００",
]


@pytest.mark.parametrize("secret", SECRETS)
def test_a_number_is_starred_out_for_the_bot_and_offsets_hold(secret: str) -> None:
    text = f"我在3号楼，{secret}，昨晚11点"
    masked = mask_for_bot(text)
    assert len(masked) == len(text)
    assert masked.startswith("我在3号楼，*")
    assert masked.endswith("*，昨晚11点")
    assert masked.index("昨晚") == text.index("昨晚")
    assert set(masked[6:-6]) == {"*"}


@pytest.mark.parametrize("secret", SECRETS)
def test_a_screen_shows_at_most_the_ends_of_a_number(secret: str) -> None:
    shown = mask_for_screen(f"号码{secret}。")
    assert secret not in shown
    assert "****" in shown
    assert sum(c.isdigit() for c in shown) <= 7


@pytest.mark.parametrize(
    "text", ["编号202603170001的工单", "3号楼2单元501", "拨打12345", "2026年3月17日22:40", "3000元"]
)
def test_house_numbers_dates_and_case_numbers_stay(text: str) -> None:
    assert mask_for_bot(text) == text
    assert mask_for_screen(text) == text


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("13800138000", "138****8000"),
        ("+86 138 0013 8000", "138****8000"),
        ("010-68012345", "010****2345"),
        ("68012345", "6****45"),
        ("123", "***"),
        ("", ""),
    ],
)
def test_a_phone_is_shown_so_that_only_its_owner_knows_it(value: str, shown: str) -> None:
    assert mask_phone(value) == shown


def test_of_a_name_the_first_character_stays() -> None:
    assert mask_name("李建国") == "李**"


@given(st.text(alphabet="0123456789Xx-+ ()一号楼电话", max_size=60))
def test_nothing_is_left_to_mask_and_the_length_holds(text: str) -> None:
    masked = mask_for_bot(text)
    assert len(masked) == len(text)
    assert personal_numbers(masked) == []
