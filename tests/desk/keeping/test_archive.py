"""An archive is whole, or it is none."""

from __future__ import annotations

import io
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk.keeping.archive import DATABASE, MANIFEST, checked, opened, writing
from desk.keeping.errors import ArchiveExists, NotAnArchive, NotWritable
from desk.keeping.manifest import Manifest

AT = datetime(2026, 11, 27, 3, tzinfo=UTC)


def written(path: Path, *, force: bool = False, database: bytes = b"rows" * 5000) -> Manifest:
    with writing(path, AT, force=force) as writer:
        writer.add(DATABASE, database)
        writer.add("media/12345-web/ab/picture.png", b"a picture")
        manifest = Manifest(
            made_at=AT, engine="sqlite", rows={}, migrations=[], members=writer.members
        )
        writer.finish(manifest)
    return manifest


def test_what_was_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "desk.tar.gz"
    manifest = written(path)
    assert checked(path, lambda _count: None) == manifest
    with opened(path) as members:
        found = {name: file.read()[:9] for name, file in members if name != MANIFEST}
    assert found == {DATABASE: b"rowsrowsr", "media/12345-web/ab/picture.png": b"a picture"}


def test_nobody_else_may_read_an_archive(tmp_path: Path) -> None:
    written(tmp_path / "desk.tar.gz")
    assert (tmp_path / "desk.tar.gz").stat().st_mode & 0o777 == 0o600


def test_an_archive_is_overwritten_only_when_it_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "desk.tar.gz"
    written(path)
    before = path.read_bytes()
    with pytest.raises(ArchiveExists):
        written(path, database=b"others")
    assert path.read_bytes() == before
    written(path, database=b"others", force=True)
    assert path.read_bytes() != before


def test_half_an_archive_never_has_the_name(tmp_path: Path) -> None:
    def half() -> None:
        with writing(tmp_path / "desk.tar.gz", AT) as writer:
            writer.add(DATABASE, b"rows")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert list(tmp_path.iterdir()) == []


def test_where_nothing_can_be_written_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(NotWritable), writing(tmp_path / "no" / "desk.tar.gz", AT):
        pass


@pytest.mark.parametrize("at", [0.1, 0.5, 0.9])
def test_an_archive_that_was_cut_off_is_none(tmp_path: Path, at: float) -> None:
    path = tmp_path / "desk.tar.gz"
    written(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * at)])
    with pytest.raises(NotAnArchive):
        checked(path, lambda _count: None)


def test_an_archive_with_another_byte_is_none(tmp_path: Path) -> None:
    path = tmp_path / "desk.tar.gz"
    manifest = written(path)
    with writing(path, AT, force=True) as writer:
        writer.add(DATABASE, b"rowz" * 5000)
        writer.add("media/12345-web/ab/picture.png", b"a picture")
        writer.finish(manifest)
    with pytest.raises(NotAnArchive):
        checked(path, lambda _count: None)


@pytest.mark.parametrize("name", ["media/../../etc/passwd", "/etc/passwd", "else"])
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "desk.tar.gz"
    with writing(path, AT) as writer:
        writer.add(name, b"words")
    with pytest.raises(NotAnArchive):
        checked(path, lambda _count: None)


def test_a_link_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "desk.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        link = tarfile.TarInfo("media/picture.png")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    with pytest.raises(NotAnArchive):
        checked(path, lambda _count: None)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no archive", b"\x1f\x8b half"])
def test_another_file_is_no_archive(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "else"
    path.write_bytes(content)
    with pytest.raises(NotAnArchive):
        checked(path, lambda _count: None)


def test_a_file_that_is_not_there_is_no_archive(tmp_path: Path) -> None:
    with pytest.raises(NotAnArchive):
        checked(tmp_path / "none", lambda _count: None)


def test_an_archive_without_its_manifest_is_none(tmp_path: Path) -> None:
    path = tmp_path / "desk.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        info = tarfile.TarInfo(DATABASE)
        info.size = 4
        tar.addfile(info, io.BytesIO(b"rows"))
    with pytest.raises(NotAnArchive):
        checked(path, lambda _count: None)
