"""EMAIL_URL as operators write it, and what Django makes of it."""

from __future__ import annotations

from typing import Any

import dj_email_url  # type: ignore[import-untyped]
import pytest

from environment.mail import NOWHERE, WATCHED, WrongMailUrl, mailer, sender


def read(url: str) -> dict[str, Any]:
    return mailer(url, dj_email_url.parse(url))


def test_without_an_address_nothing_is_sent() -> None:
    assert mailer("", {}) == {"BACKEND": NOWHERE}


@pytest.mark.parametrize(
    ("url", "port", "tls", "ssl"),
    [
        ("smtp://mail.example", 25, False, False),
        ("smtp+tls://u:p@mail.example", 587, True, False),
        ("smtp+ssl://u:p@mail.example", 465, False, True),
        ("smtp://mail.example:2525/?tls=1", 2525, True, False),
    ],
)
def test_the_scheme_says_how_it_is_sealed(url: str, port: int, tls: bool, ssl: bool) -> None:
    made = read(url)

    assert made["BACKEND"] == WATCHED
    options = made["OPTIONS"]
    assert (options["port"], options["use_tls"], options["use_ssl"]) == (port, tls, ssl)
    assert options["timeout"]


def test_what_is_no_way_of_mailing_stops_the_start() -> None:
    with pytest.raises(WrongMailUrl):
        read("http://mail.example")


def test_letters_come_from_who_is_named_or_logs_in() -> None:
    assert sender("smtp://h/?_default_from_email=line@gov.example", "h") == "line@gov.example"
    assert sender("smtp+tls://line%40gov.example:p@h", "h") == "line@gov.example"
    assert sender("smtp://h", "desk.example") == "qianmen@desk.example"
