from __future__ import annotations

from pathlib import Path

import pytest

from channels.accounts import AccountsError, TelegramAccount, WeChatAccount, read_accounts

GOOD = """
[[account]]
id = "12341-wechat"
channel = "wechat"
hotline = "12341"
app_id = "wx1"
app_secret = "env:SECRET"
token = "env:TOKEN"
encoding_aes_key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
templates = { case_progress = "T1" }

[[account]]
id = "12341-telegram"
channel = "telegram"
hotline = "12341"
bot_token = "1:abc"
secret_token = "a-secret-of-some-length"
mode = "webhook"

[[account]]
id = "12341-web"
channel = "webchat"
hotline = "12341"
"""
ENVIRON = {"SECRET": "s3cret-value", "TOKEN": "t0ken-value"}


def faults_of(tmp_path: Path, text: str, *, production: bool = False) -> list[str]:
    file = tmp_path / "channels.toml"
    file.write_text(text)
    with pytest.raises(AccountsError) as caught:
        read_accounts(file, ENVIRON, production=production)
    assert str(file) in str(caught.value)
    return caught.value.faults


def test_accounts_are_read_and_secrets_come_from_the_environment(tmp_path: Path) -> None:
    file = tmp_path / "channels.toml"
    file.write_text(GOOD)
    accounts = read_accounts(file, ENVIRON, production=True)
    wechat, telegram = accounts["12341-wechat"], accounts["12341-telegram"]
    assert isinstance(wechat, WeChatAccount)
    assert (wechat.app_secret, wechat.token, wechat.is_safe) == (
        "s3cret-value",
        "t0ken-value",
        True,
    )
    assert isinstance(telegram, TelegramAccount)
    assert telegram.bot_id == "1"
    assert accounts["12341-web"].title == "12341 热线"


def test_an_account_never_shows_its_secrets(tmp_path: Path) -> None:
    file = tmp_path / "channels.toml"
    file.write_text(GOOD)
    shown = repr(read_accounts(file, ENVIRON, production=False))
    assert "s3cret-value" not in shown
    assert "1:abc" not in shown


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ('"env:SECRET"', '"env:MISSING"', "account 12341-wechat: app_secret: "),
        ('hotline = "12341"\napp_id', 'hotline = "0"\napp_id', "account 12341-wechat: hotline"),
        ('"env:TOKEN"', '""', "account 12341-wechat: token: empty"),
        ("EFG", "E", "account 12341-wechat: encoding_aes_key"),
        ('"1:abc"', '"abc"', "account 12341-telegram: bot_token"),
        ('secret_token = "a-secret-of-some-length"', "", "account 12341-telegram: secret_token"),
        ('"webhook"', '"webhok"', "account 12341-telegram: mode"),
        ('"12341-web"', '"12341-wechat"', "account 12341-wechat: id: used twice"),
        ('"12341-web"', '"A B"', "account A B: id"),
        ('channel = "webchat"', 'channel = "fax"', "account 12341-web: "),
        ('app_id = "wx1"', 'app_idd = "wx1"', "app_id"),
        ("mode =", "api_base = 'ftp://x'\nmode =", "account 12341-telegram: api_base"),
    ],
)
def test_a_fault_names_its_account_and_key(
    tmp_path: Path, before: str, after: str, fault: str
) -> None:
    assert before in GOOD
    faults = faults_of(tmp_path, GOOD.replace(before, after))
    assert any(fault in found for found in faults)
    assert not any("s3cret-value" in found for found in faults)


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("env:SECRET", "env:A").replace("env:TOKEN", "env:B")
    assert len(faults_of(tmp_path, text)) >= 2


@pytest.mark.parametrize("text", ["", "a = 1", "[[account", "account = 3"])
def test_a_file_that_is_no_list_of_accounts_is_refused(tmp_path: Path, text: str) -> None:
    assert faults_of(tmp_path, text)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(AccountsError, match="no such file"):
        read_accounts(tmp_path / "none.toml", {}, production=False)


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        (
            'encoding_aes_key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"',
            "",
            "encoding_aes_key: plain mode",
        ),
        ('"env:TOKEN"', '"demo-token"', "token"),
        ('"env:SECRET"', '"changeme"', "app_secret"),
        ("templates =", 'api_base = "http://127.0.0.1:8002"\ntemplates =', "api_base"),
        ("a-secret-of-some-length", "secret", "secret_token"),
    ],
)
def test_production_refuses_what_the_demo_may_have(
    tmp_path: Path, before: str, after: str, key: str
) -> None:
    text = GOOD.replace(before, after)
    (fault,) = faults_of(tmp_path, text, production=True)
    assert key in fault
    file = tmp_path / "channels.toml"
    assert read_accounts(file, ENVIRON, production=False)


def test_a_template_has_the_usual_fields_unless_the_file_names_others(tmp_path: Path) -> None:
    file = tmp_path / "channels.toml"
    file.write_text(GOOD)
    account = read_accounts(file, ENVIRON, production=False)["12341-wechat"]
    assert isinstance(account, WeChatAccount)
    usual = account.template("case_progress")
    assert usual is not None
    assert (usual.id, usual.fields["about"], usual.fields["at"]) == ("T1", "thing2", "time4")
    table = '{ id = "T2", about = "thing7", stage = "" }'
    file.write_text(GOOD.replace('"T1"', table))
    account = read_accounts(file, ENVIRON, production=False)["12341-wechat"]
    assert isinstance(account, WeChatAccount)
    named = account.template("case_progress")
    assert named is not None
    assert named.fields == {"number": "character_string1", "about": "thing7", "at": "time4"}
    assert account.template("another") is None


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        ('{ id = "T2", about = "first" }', "templates.case_progress.about"),
        ('{ id = "" }', "templates.case_progress: its id"),
        ('{ about = "thing1" }', "id"),
    ],
)
def test_a_template_that_cannot_be_filled_is_named(tmp_path: Path, table: str, fault: str) -> None:
    (found,) = faults_of(tmp_path, GOOD.replace('"T1"', table))
    assert fault in found


def test_a_template_that_nobody_uses_is_a_slip(tmp_path: Path) -> None:
    (found,) = faults_of(tmp_path, GOOD.replace("case_progress", "case_progres"))
    assert "there is only case_progress" in found
