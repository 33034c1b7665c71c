"""What the demo starts, and what it leaves to what is given."""

import tomllib
from pathlib import Path

import pytest

from deploy import elasticsearch
from deploy.demo import credentials, plan
from deploy.demo.parts import Part
from environment.settings import read_settings
from tests.deploy import toys


def drawn(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    rasa: bool = True,
    search: bool = False,
    **given: str,
) -> tuple[plan.Plan, dict[str, Part]]:
    python = home / "bot-python"
    if rasa:
        python.touch()
    monkeypatch.setattr(plan, "RASA_PYTHON", python)
    for name in ("DATABASE_URL", "REDIS_URL", "RASA_URL", "ELASTICSEARCH_URL", "QIANMEN_CHANNELS"):
        monkeypatch.delenv(name, raising=False)
    environ = {"QIANMEN_HOME": str(home), "SECRET_KEY": "s", **given}
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    whole = plan.draw(read_settings(dotenv=None), environ, elasticsearch_wanted=search)
    return whole, {part.name: part for part in whole.parts}


def test_everything_is_started_on_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, parts = drawn(tmp_path, monkeypatch)
    assert set(parts) == {
        *("redis", "rasa", "actions", "gateway", "desk", "sandbox", "worker", "sender")
    }
    assert parts["gateway"].after == {"redis"}
    assert {"actions", "desk", "gateway", "sandbox"} <= parts["worker"].after
    assert whole.remarks == []


def test_a_given_redis_is_used_and_none_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, parts = drawn(tmp_path, monkeypatch, REDIS_URL="redis://10.0.0.1:6379/2")
    assert "redis" not in parts
    assert parts["gateway"].environment["REDIS_URL"] == "redis://10.0.0.1:6379/2"
    assert "QIANMEN_REDIS_PORT" not in [port.variable for port in whole.ports]


def test_a_given_elasticsearch_is_used_and_none_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "http://10.0.0.2:9200"
    _, parts = drawn(tmp_path, monkeypatch, search=True, ELASTICSEARCH_URL=url)
    assert "elasticsearch" not in parts
    assert parts["desk"].environment["ELASTICSEARCH_URL"] == url


def test_an_elasticsearch_of_its_own_comes_before_what_searches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = toys.server("elasticsearch", 9207)
    monkeypatch.setattr(elasticsearch, "part", lambda home, given: node)
    whole, parts = drawn(tmp_path, monkeypatch, search=True, QIANMEN_ELASTICSEARCH_PORT="9207")
    assert parts["actions"].environment["ELASTICSEARCH_URL"] == "http://127.0.0.1:9207"
    assert {"elasticsearch"} <= parts["actions"].after & parts["desk"].after
    assert "QIANMEN_ELASTICSEARCH_PORT" in [port.variable for port in whole.ports]


def test_without_python_3_10_it_starts_without_rasa_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, parts = drawn(tmp_path, monkeypatch, rasa=False)
    assert "rasa" not in parts
    assert whole.remarks == ["no bot/.venv (it needs Python 3.10): the router answers without Rasa"]


def test_other_ports_reach_every_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, parts = drawn(tmp_path, monkeypatch, QIANMEN_DESK_PORT="9101", QIANMEN_REDIS_PORT="9102")
    assert parts["actions"].environment["DESK_URL"] == "http://127.0.0.1:9101"
    assert parts["worker"].environment["REDIS_URL"] == "redis://127.0.0.1:9102"
    assert "9102" in parts["redis"].command


def test_redis_loses_nothing_that_was_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, parts = drawn(tmp_path, monkeypatch)
    words = " ".join(parts["redis"].command)
    for option in ("bind 127.0.0.1", "appendonly yes", "appendfsync always", "policy noeviction"):
        assert option in words


def test_rasa_and_redis_are_told_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, parts = drawn(tmp_path, monkeypatch)
    assert "SECRET_KEY" in parts["desk"].environment
    assert "SECRET_KEY" not in parts["rasa"].environment
    assert "SECRET_KEY" not in parts["redis"].environment


def test_it_writes_accounts_that_its_own_secrets_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, parts = drawn(tmp_path, monkeypatch, QIANMEN_SANDBOX_PORT="9103")
    file = Path(parts["gateway"].environment["QIANMEN_CHANNELS"])
    accounts = {each["id"]: each for each in tomllib.loads(file.read_text())["account"]}
    assert "encoding_aes_key" in accounts["12345-wechat"]
    assert "encoding_aes_key" not in accounts["12341-wechat"]
    assert accounts["12341-telegram"]["api_base"] == "http://127.0.0.1:9103"
    named = {
        value.removeprefix("env:")
        for account in accounts.values()
        for value in account.values()
        if isinstance(value, str) and value.startswith("env:")
    }
    assert named <= credentials.MAKERS.keys()


def test_given_accounts_are_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = tmp_path / "mine.toml"
    _, parts = drawn(tmp_path, monkeypatch, QIANMEN_CHANNELS=str(mine))
    assert parts["gateway"].environment["QIANMEN_CHANNELS"] == str(mine)
    assert not (tmp_path / "channels.toml").exists()
