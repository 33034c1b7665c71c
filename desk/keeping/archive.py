"""The archive as a file: written beside its name and renamed, read only when every digest is right.

The manifest comes last, since it has the digests of what is before it.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from desk.keeping.errors import ArchiveExists, NotAnArchive, NotWritable
from desk.keeping.manifest import Manifest, Member, decoded, encoded

MANIFEST = "manifest.json"
DATABASE = "database"
MEDIA = "media/"  # what is under MEDIA_URL
UPLOADS = "uploads/"  # what editors uploaded
_LEVEL = 6
_CHUNK = 1024 * 1024
_BROKEN = (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError)


class Writer:
    """Adds members to an archive that does not have its name yet."""

    def __init__(self, tar: tarfile.TarFile, at: datetime) -> None:
        self._tar = tar
        self._at = at
        self.members: dict[str, Member] = {}

    def add(self, name: str, content: bytes) -> None:
        self._add(name, io.BytesIO(content), len(content))

    def add_file(self, name: str, path: Path) -> None:
        with path.open("rb") as file:
            self._add(name, file, path.stat().st_size)

    def finish(self, manifest: Manifest) -> None:
        body = encoded(manifest)
        self._tar.addfile(self._info(MANIFEST, len(body)), io.BytesIO(body))

    def _add(self, name: str, file: IO[bytes], size: int) -> None:
        hashed = _Hashed(file)
        self._tar.addfile(self._info(name, size), hashed)
        self.members[name] = Member(size, hashed.digest.hexdigest())

    def _info(self, name: str, size: int) -> tarfile.TarInfo:
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = size, 0o600, int(self._at.timestamp())
        return info


class _Hashed:
    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        self.digest.update(chunk)
        return chunk


@contextmanager
def writing(target: Path, at: datetime, *, force: bool = False) -> Iterator[Writer]:
    """The archive has its name when the block has ended well; otherwise there is none.

    Raises `ArchiveExists` and `NotWritable`.
    """
    _check_free(target, force=force)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        number = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(number, "wb") as file:
                with tarfile.open(fileobj=file, mode="w:gz", compresslevel=_LEVEL) as tar:
                    yield Writer(tar, at)
                file.flush()
                os.fsync(file.fileno())
            _check_free(target, force=force)
            unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        words = {"file": target, "why": error.strerror or error}
        raise NotWritable(_("%(file)s cannot be written: %(why)s") % words) from error


def _check_free(target: Path, *, force: bool) -> None:
    if target.exists() and not force:
        raise ArchiveExists(_("%s is there already; --force overwrites it.") % target)


def checked(path: Path, progress: Callable[[int], None]) -> Manifest:
    """Read all of an archive; its manifest when every member is as it says.

    Raises `NotAnArchive`. `progress` is told the members that were read.
    """
    found: dict[str, Member] = {}
    manifest: Manifest | None = None
    with opened(path) as members:
        for name, file in members:
            if manifest is not None or name in found:
                raise NotAnArchive(_("The archive has more in it than its manifest says."))
            if name == MANIFEST:
                manifest = decoded(file.read())
                continue
            found[name] = _measured(file)
            progress(len(found))
    if manifest is None:
        raise NotAnArchive(_("This is not an archive of the desk, or not a whole one."))
    for name in sorted(found.keys() | manifest.members.keys()):
        if found.get(name) != manifest.members.get(name):
            raise NotAnArchive(_("The archive is damaged: %s is not what it was.") % name)
    if DATABASE not in found:
        raise NotAnArchive(_("The archive has no database in it."))
    return manifest


def _measured(file: IO[bytes]) -> Member:
    digest, size = hashlib.sha256(), 0
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return Member(size, digest.hexdigest())


@contextmanager
def opened(path: Path) -> Iterator[Iterator[tuple[str, IO[bytes]]]]:
    """Name and content of each member, in order; each is to be read before the next.

    Raises `NotAnArchive`, also for a name that would lead elsewhere.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        words: dict[str, Any] = {"file": path, "why": error.strerror or error}
        raise NotAnArchive(_("%(file)s cannot be read: %(why)s") % words) from error
    try:
        with file, tarfile.open(fileobj=file, mode="r|gz") as tar:
            yield _members(tar)
    except _BROKEN as error:
        message = _("This is not an archive of the desk, or not a whole one.")
        raise NotAnArchive(message) from error


def _members(tar: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
    for info in tar:
        content = tar.extractfile(info) if info.isreg() and _is_ours(info.name) else None
        if content is None:
            raise NotAnArchive(_("The archive has something else in it: %s") % info.name)
        yield info.name, content


def _is_ours(name: str) -> bool:
    if name in {MANIFEST, DATABASE}:
        return True
    return name.startswith((MEDIA, UPLOADS)) and ".." not in name.split("/")
