"""Working days as the State Council moves them, and what is not certain yet."""

from datetime import date

from desk.workdays.calendar import SHIPPED, Calendar

PLAIN = Calendar()
UNPUBLISHED = SHIPPED.stop


def test_a_moved_holiday_is_no_working_day_and_a_make_up_day_is_one() -> None:
    assert not PLAIN.is_working_day(date(2026, 2, 17))  # Spring Festival, a Tuesday
    assert PLAIN.is_working_day(date(2026, 2, 28))  # a Saturday, worked instead
    assert not PLAIN.is_working_day(date(2026, 10, 5))
    assert PLAIN.is_working_day(date(2026, 10, 10))


def test_of_a_year_that_is_not_published_nothing_is_certain() -> None:
    assert PLAIN.is_firm(date(2026, 1, 5), date(2026, 12, 31))
    assert not PLAIN.is_firm(date(2026, 12, 20), date(UNPUBLISHED, 1, 5))


def test_a_year_that_a_person_has_entered_is_certain() -> None:
    day = date(UNPUBLISHED, 2, 8)
    entered = Calendar(
        special={day: not PLAIN.is_working_day(day)}, entered=frozenset({UNPUBLISHED})
    )

    assert entered.is_firm(date(2026, 12, 20), date(UNPUBLISHED, 3, 1))
    assert entered.is_working_day(day) != PLAIN.is_working_day(day)


def test_an_entered_day_beats_the_shipped_one() -> None:
    moved = Calendar(special={date(2026, 3, 4): False})
    assert not moved.is_working_day(date(2026, 3, 4))
    assert moved.add_working_days(date(2026, 3, 3), 1) == date(2026, 3, 5)
