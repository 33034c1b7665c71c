"""The demo's secrets are made once, are nobody else's to read, and yield to what is given."""

import base64
import re
import stat
from pathlib import Path

from deploy.demo import credentials


def laid_out(home: Path, **given: str) -> dict[str, str]:
    environ = dict(given)
    credentials.lay_out(home, environ)
    return environ


def test_they_are_the_same_at_every_start(tmp_path: Path) -> None:
    assert laid_out(tmp_path) == laid_out(tmp_path)


def test_no_two_homes_share_one(tmp_path: Path) -> None:
    one, other = laid_out(tmp_path / "one"), laid_out(tmp_path / "other")
    assert set(one.values()).isdisjoint(other.values())


def test_only_their_owner_reads_them(tmp_path: Path) -> None:
    laid_out(tmp_path)
    assert stat.S_IMODE((tmp_path / "demo.env").stat().st_mode) == 0o600


def test_what_the_environment_gives_is_kept(tmp_path: Path) -> None:
    assert laid_out(tmp_path, QIANMEN_DEMO_PASSWORD="mine")["QIANMEN_DEMO_PASSWORD"] == "mine"


def test_one_that_a_new_version_needs_is_added_to_the_others(tmp_path: Path) -> None:
    before = laid_out(tmp_path)
    file = tmp_path / "demo.env"
    kept = [line for line in file.read_text().splitlines() if "AES_KEY" not in line]
    file.write_text("\n".join(kept) + "\n")
    after = laid_out(tmp_path)
    assert after.keys() == before.keys()
    assert after["SECRET_KEY"] == before["SECRET_KEY"]
    assert after["WECHAT_12345_AES_KEY"] != before["WECHAT_12345_AES_KEY"]


def test_they_have_the_form_that_the_platforms_give(tmp_path: Path) -> None:
    made = laid_out(tmp_path)
    assert len(base64.b64decode(made["WECHAT_12345_AES_KEY"] + "=")) == 32
    assert len(made["WECHAT_12345_AES_KEY"]) == 43
    assert re.fullmatch(r"[A-Za-z0-9]{3,32}", made["WECHAT_12345_TOKEN"])
    assert re.fullmatch(r"\d{10}:[A-Za-z0-9_-]{35}", made["TELEGRAM_12341_TOKEN"])
