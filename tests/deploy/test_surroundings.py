"""What a command's environment is, wherever it is called from."""

from pathlib import Path

import pytest

from deploy import surroundings
from environment.settings import ROOT


def prepared(dotenv: Path, **given: str) -> dict[str, str]:
    environ = dict(given)
    surroundings.prepare(environ, dotenv=dotenv)
    return environ


def test_the_real_environment_beats_the_file(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("QIANMEN_LOG=json\nMEDIA_URL=memory://\nEMAIL_URL=\n")
    environ = prepared(dotenv, QIANMEN_LOG="console", QIANMEN_HOME=str(tmp_path))
    assert environ["QIANMEN_LOG"] == "console"
    assert environ["MEDIA_URL"] == "memory://"
    assert "EMAIL_URL" not in environ


def test_a_path_in_the_file_is_meant_from_the_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    dotenv = tmp_path / ".env"
    dotenv.write_text("QIANMEN_ENV=production\nQIANMEN_HOME=./elsewhere\n")
    assert prepared(dotenv)["QIANMEN_HOME"] == str(ROOT / "elsewhere")


def test_a_given_path_is_meant_from_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    environ = prepared(tmp_path / "none", QIANMEN_HOME="here", QIANMEN_ENV="production")
    assert environ["QIANMEN_HOME"] == str(tmp_path / "here")


def test_production_is_given_no_secret(tmp_path: Path) -> None:
    environ = prepared(tmp_path / "none", QIANMEN_HOME=str(tmp_path), QIANMEN_ENV="production")
    assert "SECRET_KEY" not in environ
    assert list(tmp_path.iterdir()) == []
