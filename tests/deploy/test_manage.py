"""bin/manage runs from any folder, and its command's exit code and output are its own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from environment.settings import ROOT

_MANAGE = """
import os, sys
print(sys.argv[1:], os.getcwd(), os.environ["QIANMEN_HOME"], "SECRET_KEY" in os.environ)
raise SystemExit(5 if "fail" in sys.argv else 0)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The real script and environment around a stand-in for the desk."""
    folder = tmp_path / "project"
    for name in ("deploy", "environment", "bin"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "desk").mkdir()
    (folder / "desk" / "manage.py").write_text(_MANAGE)
    (folder / "deploy" / "setup.sh").write_text("#!/bin/sh\necho set-up was here\n")
    (folder / ".venv" / "bin").mkdir(parents=True)
    python = folder / ".venv" / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    return folder


def manage(program: Path, cwd: Path, *words: str) -> subprocess.CompletedProcess[str]:
    own = {name: value for name, value in os.environ.items() if "QIANMEN" not in name}
    return subprocess.run(
        [str(program), *words],
        env=own,
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_it_runs_where_one_stands_with_the_projects_home(project: Path, tmp_path: Path) -> None:
    answer = manage(project / "bin" / "manage", tmp_path, "check", "a file.csv")
    assert answer.stdout == f"['check', 'a file.csv'] {tmp_path} {project / 'var'} True\n"
    assert "set-up was here" in answer.stderr


def test_the_exit_code_is_the_commands(project: Path, tmp_path: Path) -> None:
    assert manage(project / "bin" / "manage", tmp_path, "fail").returncode == 5


def test_a_link_to_it_works(project: Path, tmp_path: Path) -> None:
    link = tmp_path / "qianmen"
    link.symlink_to(project / "bin" / "manage")
    assert manage(link, tmp_path, "check").returncode == 0


def test_modules_of_the_folder_one_stands_in_are_not_taken(project: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "desk").mkdir(parents=True)
    (elsewhere / "desk" / "manage.py").write_text("print('wrong')")
    assert "wrong" not in manage(project / "bin" / "manage", elsewhere, "check").stdout
