"""A restore brings back what was there, and changes nothing before all of it is checked."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from desk.conversations.bus import redis
from desk.keeping.archive import DATABASE, writing
from desk.keeping.errors import HoldsData, NewerArchive, OtherEngine, WorkerRuns
from desk.keeping.manifest import Manifest
from desk.keeping.restoring import restore
from tests.desk.keeping.conftest import Told
from tests.desk.keeping.desks import AS_IT_WAS, Desk
from tests.desk.keeping.dumped import everything
from tests.desk.migrated import kept_file
from wire import keys

AT = datetime(2026, 11, 27, tzinfo=UTC)


@pytest.fixture
def desk(tmp_path: Path, django_db_setup: None, request: pytest.FixtureRequest) -> Desk:
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(kept_file(request.config.rootpath), home / "qianmen.sqlite3")
    return Desk(home)


def test_what_was_backed_up_is_there_again(desk: Desk, tmp_path: Path) -> None:
    desk.fill()
    archive = str(tmp_path / "desk.tar.gz")
    with closing(sqlite3.connect(desk.home / "qianmen.sqlite3")) as somebody:
        somebody.execute("PRAGMA journal_mode=WAL")
        somebody.execute("BEGIN IMMEDIATE")  # a demo beside it is in the middle of writing
        somebody.execute("DELETE FROM conversations_message")
        desk.done("backup", archive)
        somebody.rollback()
    assert Path(archive).stat().st_mode & 0o777 == 0o600
    assert "--force" in desk.refused("backup", archive)
    desk.change()
    redis().set(keys.owner("1"), 7)

    assert "--replace" in desk.refused("restore", archive)
    assert desk.shown()["citizens"] == 2
    told = desk.done("restore", archive, "--replace")

    assert "bin/manage rebuild_index" in told
    assert "erase_citizen --citizen 2 --yes" in told
    assert desk.shown() == AS_IT_WAS
    assert desk.picture.read_bytes() == b"a lamp"
    assert not redis().exists(keys.owner("1"))
    assert [path.name for path in desk.home.glob("keeping-*")] == []


def test_an_archive_of_an_older_version_is_brought_to_this_one(desk: Desk, tmp_path: Path) -> None:
    desk.done("migrate", "keeping", "zero")
    desk.fill()
    archive = str(tmp_path / "desk.tar.gz")
    desk.done("backup", archive)
    desk.done("migrate")
    desk.done("restore", archive, "--replace")
    assert "talks=365" in desk.done("retention")
    assert desk.shown() == AS_IT_WAS


def an_archive(path: Path, **more: Any) -> Path:
    with writing(path, AT) as writer:
        writer.add(DATABASE, b"rows")
        told = {"engine": "sqlite", "rows": {}, "migrations": []} | more
        writer.finish(Manifest(made_at=AT, members=writer.members, **told))
    return path


def refused(path: Path, *, replace: bool = False) -> None:
    restore(path, replace=replace, progress=lambda *_stage: None)


@pytest.fixture
def worker() -> Iterator[Path]:
    ready = settings.QIANMEN.home / "run" / "worker.ready"
    ready.parent.mkdir(exist_ok=True)
    ready.touch()
    yield ready
    ready.unlink()


@pytest.mark.django_db
def test_an_archive_of_another_engine_is_refused(told: Told, tmp_path: Path) -> None:
    before = everything()
    archive = an_archive(tmp_path / "desk.tar.gz", engine="postgresql")
    with pytest.raises(OtherEngine, match="postgresql"):
        refused(archive, replace=True)
    assert everything() == before


@pytest.mark.django_db
def test_an_archive_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    archive = an_archive(tmp_path / "desk.tar.gz", migrations=["cases.9999_later"])
    with pytest.raises(NewerArchive, match="9999_later"):
        refused(archive, replace=True)


@pytest.mark.django_db
def test_a_database_that_holds_data_is_not_replaced_by_itself(told: Told, tmp_path: Path) -> None:
    with pytest.raises(HoldsData):
        refused(an_archive(tmp_path / "desk.tar.gz"))


@pytest.mark.django_db
def test_nothing_is_restored_under_a_worker(worker: Path, tmp_path: Path) -> None:
    archive = an_archive(tmp_path / "desk.tar.gz")
    with pytest.raises(WorkerRuns):
        refused(archive)


@pytest.mark.django_db
def test_a_worker_that_was_killed_long_ago_does_not_count(
    worker: Path, told: Told, tmp_path: Path
) -> None:
    os.utime(worker, (0, 0))
    with pytest.raises(HoldsData):
        refused(an_archive(tmp_path / "desk.tar.gz"))
