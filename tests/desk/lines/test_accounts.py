"""Which account is which line's, without any of its secrets; and what a merge says of it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desk.lines.accounts import Account, UnreadableAccounts, accounts
from desk.lines.merging import channels
from desk.lines.merging.kinds import Lines
from desk.people.models import Hotline

FILE = """
[[account]]
id = "58905890-wechat"
channel = "wechat"
hotline = "58905890"
app_secret = "env:SECRET"

[[account]]
id = "12345-web"
channel = "webchat"
hotline = "12345"
"""


@pytest.fixture
def file(tmp_path: Path, settings: Any) -> Path:
    written = tmp_path / "channels.toml"
    written.write_text(FILE, "utf-8")
    settings.QIANMEN = replace(settings.QIANMEN, channels_file=written)
    return written


def test_only_names_are_read(file: Path) -> None:
    assert accounts(file) == [
        Account("58905890-wechat", "wechat", "58905890"),
        Account("12345-web", "webchat", "12345"),
    ]


def test_a_file_that_is_none_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableAccounts):
        accounts(tmp_path / "none.toml")


@pytest.mark.django_db
def test_a_merge_says_what_to_write(file: Path, district: Hotline, city: Hotline) -> None:
    found = channels.look(Lines(district, city))
    assert found.count == 1
    [words] = found.to_do
    assert "58905890-wechat" in words
    assert 'hotline = "12345"' in words


@pytest.mark.django_db
def test_a_file_that_is_away_is_something_to_do(
    file: Path, district: Hotline, city: Hotline
) -> None:
    file.unlink()
    assert channels.look(Lines(district, city)).to_do
