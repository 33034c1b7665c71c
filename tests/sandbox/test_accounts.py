"""Which accounts the sandbox plays, and what it says about a file that it cannot use."""

from pathlib import Path

import pytest

from sandbox.accounts import AccountsError, read_accounts

WECHAT = """
[[account]]
id = "12341-wechat"
channel = "wechat"
hotline = "12341"
app_id = "wx1"
app_secret = "env:SECRET_OF_12341"
token = "t"
encoding_aes_key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
api_base = "http://127.0.0.1:8002"
templates = { case_progress = "TM1" }
"""
TELEGRAM = """
[[account]]
id = "12341-telegram"
channel = "telegram"
hotline = "12341"
bot_token = "42:abc"
secret_token = "s"
mode = "polling"
api_base = "http://localhost:8002"
"""
WEB = """
[[account]]
id = "12341-web"
channel = "webchat"
hotline = "12341"
"""
SECRETS = {"SECRET_OF_12341": "hidden"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "channels.toml"
    path.write_text(WECHAT + TELEGRAM + WEB, encoding="utf-8")
    return path


def test_every_channel_is_read(file: Path) -> None:
    accounts = read_accounts(file, SECRETS)
    wechat = accounts.wechat["12341-wechat"]
    assert (wechat.app_secret, wechat.is_safe) == ("hidden", True)
    assert wechat.templates == {"case_progress": "TM1"}
    assert wechat.title == "西城 12341"
    assert accounts.telegram["12341-telegram"].mode == "polling"
    assert list(accounts.webchat) == ["12341-web"]


def test_a_line_without_a_number_is_named_by_its_district(file: Path) -> None:
    file.write_text(WEB.replace("12341", "mentougou"), encoding="utf-8")
    assert read_accounts(file, SECRETS).webchat["mentougou-web"].title == "门头沟热线"


def test_an_account_without_a_key_is_in_plain_mode(file: Path) -> None:
    lines = [line for line in WECHAT.splitlines() if not line.startswith("encoding_aes_key")]
    file.write_text("\n".join(lines), encoding="utf-8")
    assert read_accounts(file, SECRETS).wechat["12341-wechat"].is_safe is False


@pytest.mark.parametrize("base", ["https://api.weixin.qq.com", "http://10.0.0.7:8002", ""])
def test_an_account_of_the_real_platform_is_left_alone(file: Path, base: str) -> None:
    file.write_text(WECHAT.replace("http://127.0.0.1:8002", base), encoding="utf-8")
    assert read_accounts(file, SECRETS).wechat == {}


def test_a_secret_does_not_show(file: Path) -> None:
    assert "hidden" not in repr(read_accounts(file, SECRETS))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (WECHAT.replace('token = "t"', ""), "account 12341-wechat: token is missing"),
        (WECHAT.replace("SECRET_OF_12341", "NOT_THERE"), "NOT_THERE, which is not set"),
        (WECHAT.replace("EFG", "E"), "encoding_aes_key must have 43 characters"),
        (WECHAT.replace('"wechat"', '"wecom"'), "channel 'wecom' is unknown"),
        (TELEGRAM.replace("42:abc", "abc"), "bot_token must look like"),
        (TELEGRAM.replace("polling", "guessing"), "mode must be webhook or polling"),
        ("[[account", "is not TOML"),
    ],
)
def test_what_is_wrong_is_named(file: Path, content: str, says: str) -> None:
    file.write_text(content, encoding="utf-8")
    with pytest.raises(AccountsError, match=says):
        read_accounts(file, SECRETS)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(AccountsError, match="set QIANMEN_CHANNELS"):
        read_accounts(tmp_path / "channels.toml", {})


def test_a_template_may_name_its_fields(file: Path) -> None:
    table = 'templates = { case_progress = { id = "TM1", about = "thing5", stage = "" } }'
    told = WECHAT.replace('templates = { case_progress = "TM1" }', table)
    file.write_text(told, encoding="utf-8")
    wechat = read_accounts(file, SECRETS).wechat["12341-wechat"]
    assert wechat.templates == {"case_progress": "TM1"}
    assert wechat.template_fields == {"TM1": frozenset({"thing5"})}
