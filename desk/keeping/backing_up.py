"""One archive with the whole database, citizens' files and editors' uploads.

The database comes first: each file that it names was kept before, so it is there afterwards.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from desk.keeping import postgresql, sqlite
from desk.keeping.archive import DATABASE, MEDIA, UPLOADS, Writer, writing
from desk.keeping.errors import FilesFailed
from desk.keeping.manifest import Manifest
from environment.media_store import MediaStore

ENGINES = {"sqlite": sqlite, "postgresql": postgresql}

type Progress = Callable[[str, int, int], None]  # what, done, of how many


def stores() -> dict[str, MediaStore]:
    """Where files are kept, by the folder that they have in an archive."""
    return {
        MEDIA: MediaStore(settings.CITIZEN_MEDIA_URL),
        UPLOADS: MediaStore(Path(settings.MEDIA_ROOT).absolute().as_uri()),
    }


def back_up(target: Path, *, at: datetime, force: bool, progress: Progress) -> Manifest:
    """Raises `KeepingError`; then there is no archive of that name that was not there before."""
    with writing(target, at, force=force) as writer:
        with workplace() as folder:
            progress(DATABASE, 0, 1)
            dump = folder / DATABASE
            counted = ENGINES[connection.vendor].dump(dump)
            writer.add_file(DATABASE, dump)
            progress(DATABASE, 1, 1)
        for folder_name, store in stores().items():
            _add_files(writer, folder_name, store, progress)
        manifest = Manifest(
            made_at=at,
            engine=connection.vendor,
            rows=counted.rows,
            migrations=counted.migrations,
            members=writer.members,
        )
        writer.finish(manifest)
    return manifest


@contextmanager
def workplace() -> Iterator[Path]:
    """A folder beside the database, readable for nobody else: what /tmp holds may be too little."""
    settings.QIANMEN.home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="keeping-", dir=settings.QIANMEN.home) as name:
        yield Path(name)


def _add_files(writer: Writer, folder: str, store: MediaStore, progress: Progress) -> None:
    keys = store.keys()
    for number, key in enumerate(keys, 1):
        try:
            writer.add(f"{folder}{key}", store.read(key))
        except FileNotFoundError:
            continue  # erased meanwhile
        except OSError as error:
            words = {"file": key, "why": error}
            raise FilesFailed(_("%(file)s could not be read: %(why)s") % words) from error
        finally:
            progress(folder.rstrip("/"), number, len(keys))
