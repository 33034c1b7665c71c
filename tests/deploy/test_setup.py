"""Set-up says what it does, does only what has changed, and names the mend of what fails.

Tried on a project of stand-ins, so that nothing is installed.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from environment.settings import ROOT


class Project:
    """A folder with the set-up script and stand-ins for the programs that it calls."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.calls = folder / "calls"
        (folder / "deploy").mkdir(parents=True)
        shutil.copy(ROOT / "deploy" / "setup.sh", folder / "deploy")
        (folder / "requirements.lock").write_text("one==1\n")
        (folder / "desk" / "cases" / "migrations").mkdir(parents=True)
        (folder / "desk" / "cases" / "migrations" / "0001_first.py").touch()
        (folder / "desk" / "setup.py").touch()
        self.program(".tools/bin/uv")
        self.program(".venv/bin/python")

    def program(self, path: str, *, fails_with: str = "") -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        name = file.name
        failing = f'case "$*" in *{fails_with}*) exit 7;; esac' if fails_with else ""
        file.write_text(f'#!/bin/sh\n[ "$1" = -c ] || echo "{name} $*" >>{self.calls}\n{failing}\n')
        file.chmod(0o755)

    def set_up(self, *words: str, cwd: Path | None = None, **given: str) -> tuple[int, str]:
        own = {name: value for name, value in os.environ.items() if "QIANMEN" not in name}
        done = subprocess.run(
            [str(self.folder / "deploy" / "setup.sh"), *words],
            env={**own, **given},
            cwd=cwd or self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=30,
            check=False,
        )
        return done.returncode, done.stdout

    def called(self) -> list[str]:
        """What was called since the last look."""
        lines = self.calls.read_text().splitlines() if self.calls.exists() else []
        self.calls.unlink(missing_ok=True)
        return [" ".join(line.split()[:4]) for line in lines]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path / "project")
    code, said = project.set_up()
    assert code == 0, said
    assert "1/2 Python 3.12" in said
    assert "2/2 the desk" in said
    # What the stand-in does not make itself.
    (project.folder / "var" / "qianmen.sqlite3").touch()
    assert project.called() == ["uv pip sync --quiet", "python -m deploy.inside desk.setup"]
    return project


def test_a_second_set_up_does_nothing(project: Project) -> None:
    code, said = project.set_up()
    assert code == 0
    assert re.fullmatch(r"\[setup\] ready after \d+ s\n", said)
    assert project.called() == []


def test_for_a_command_it_is_silent_when_nothing_is_to_be_done(project: Project) -> None:
    assert project.set_up("--desk-only") == (0, "")


def test_a_new_lock_installs_again(project: Project) -> None:
    (project.folder / "requirements.lock").write_text("two==2\n")
    project.set_up()
    assert project.called()[0] == "uv pip sync --quiet"


def test_a_new_migration_sets_up_the_desk_only(project: Project) -> None:
    (project.folder / "desk" / "cases" / "migrations" / "0002_next.py").touch()
    code, said = project.set_up("--desk-only")
    assert (code, "1/1 the desk" in said) == (0, True)
    assert project.called() == ["python -m deploy.inside desk.setup"]


def test_a_database_that_is_gone_is_made_again(project: Project) -> None:
    (project.folder / "var" / "qianmen.sqlite3").unlink()
    project.set_up()
    assert project.called() == ["python -m deploy.inside desk.setup"]


def test_another_home_is_set_up_by_itself(project: Project, tmp_path: Path) -> None:
    project.set_up(QIANMEN_HOME="second", cwd=tmp_path)
    assert project.called() == ["python -m deploy.inside desk.setup"]
    assert (tmp_path / "second" / "setup.stamp").exists()


def test_a_home_in_the_env_file_is_found(project: Project) -> None:
    (project.folder / ".env").write_text("QIANMEN_HOME=./third\n")
    project.set_up()
    assert (project.folder / "third" / "setup.stamp").exists()


def test_a_package_that_cannot_be_installed_names_the_mend_and_is_tried_again(
    project: Project,
) -> None:
    (project.folder / "requirements.lock").write_text("two==2\n")
    project.program(".tools/bin/uv", fails_with="sync")
    code, said = project.set_up()
    assert code == 1
    assert "a package could not be installed" in said
    assert "mend: check that uv reaches your package index" in said
    project.program(".tools/bin/uv")
    assert project.set_up()[0] == 0


def test_a_desk_that_fails_names_the_mend_and_is_tried_again(project: Project) -> None:
    (project.folder / "desk" / "cases" / "migrations" / "0002_next.py").touch()
    project.program(".venv/bin/python", fails_with="desk.setup")
    code, said = project.set_up()
    assert code == 1
    assert "the desk could not be set up" in said
    project.program(".venv/bin/python")
    project.called()
    assert project.set_up()[0] == 0
    assert project.called() == ["python -m deploy.inside desk.setup"]


def test_a_bot_that_fails_fails_the_set_up(project: Project) -> None:
    project.program("bot/setup.sh", fails_with="")
    bot = project.folder / "bot" / "setup.sh"
    bot.write_text("#!/bin/sh\nexit 4\n")
    code, said = project.set_up()
    assert code == 1
    assert "the bot could not be set up" in said


def test_two_set_ups_wait_for_each_other(project: Project) -> None:
    lock = project.folder / ".tools" / "setup.lock"
    lock.mkdir()
    (lock / "owner").write_text(f"{os.getpid()}\n")
    second = subprocess.Popen(
        [str(project.folder / "deploy" / "setup.sh")],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert second.stdout is not None
    with second.stdout:
        assert f"waiting for another set-up (process {os.getpid()})" in second.stdout.readline()
        shutil.rmtree(lock)
        assert second.wait(timeout=10) == 0


def test_a_lock_whose_owner_is_gone_counts_for_nothing(project: Project) -> None:
    lock = project.folder / ".tools" / "setup.lock"
    lock.mkdir()
    gone = subprocess.Popen(["true"])
    gone.wait()
    (lock / "owner").write_text(f"{gone.pid}\n")
    assert project.set_up()[0] == 0
    assert not lock.exists()
