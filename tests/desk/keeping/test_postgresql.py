"""The same on PostgreSQL, by its own programs."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.postgresql import programs, server
from desk.keeping import postgresql
from desk.keeping.errors import ProgramMissing
from tests.desk.keeping.desks import AS_IT_WAS, Desk


@pytest.mark.timeout(300)
def test_what_was_backed_up_is_there_again(tmp_path: Path, unused_tcp_port: int) -> None:
    if programs() is None:
        pytest.skip("no PostgreSQL")
    home = tmp_path / "home"
    home.mkdir()
    with server(unused_tcp_port) as address:
        desk = Desk(home, address)
        desk.done("migrate", "-v", "0")
        desk.fill()
        archive = str(tmp_path / "desk.tar.gz")
        desk.done("backup", archive)
        desk.change()
        assert "--replace" in desk.refused("restore", archive)
        assert "bin/manage rebuild_index" in desk.done("restore", archive, "--replace")
        assert desk.shown() == AS_IT_WAS
        assert desk.picture.read_bytes() == b"a lamp"
        assert "sqlite" in Desk(home).refused("restore", archive)


def test_a_missing_program_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ProgramMissing, match="pg_dump"):
        postgresql.dump(tmp_path / "dump")
