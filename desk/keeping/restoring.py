"""An archive back into the desk: everything is checked before anything is changed.

Files come first. They are named by their content or by chance, so that one too many harms nobody,
and a fault until then leaves the database as it was.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from desk.keeping import counting
from desk.keeping.afterwards import Settled, erased_since, settle
from desk.keeping.archive import DATABASE, MANIFEST, checked, opened
from desk.keeping.backing_up import ENGINES, Progress, stores, workplace
from desk.keeping.errors import FilesFailed, HoldsData, NewerArchive, OtherEngine, WorkerRuns
from desk.keeping.manifest import Manifest
from environment.media_store import MediaStore

READY_FOR = 15  # seconds; a worker touches its file every second, one that was killed leaves it


@dataclass(frozen=True)
class Restored:
    manifest: Manifest
    rows: dict[str, int]
    was_migrated: bool
    settled: Settled
    erased_since: list[str]  # what was erased after the archive was made, as options of the command

    @property
    def differences(self) -> list[str]:
        return [name for name, count in self.rows.items() if self.manifest.rows[name] != count]


def restore(path: Path, *, replace: bool, progress: Progress) -> Restored:
    """Raises `KeepingError`; then the database is as it was."""
    manifest = checked(path, lambda count: progress("checked", count, 0))
    _refuse_unfit(manifest)
    if not replace:
        _refuse_used()
    since = erased_since(manifest.made_at)
    with workplace() as folder:
        _put_files(path, folder, manifest, progress)
        progress(DATABASE, 0, 1)
        ENGINES[connection.vendor].load(folder / DATABASE)
        progress(DATABASE, 1, 1)
    rows = counting.live_rows()
    was_migrated = _is_behind()
    if was_migrated:
        call_command("migrate", interactive=False, verbosity=0)
    return Restored(manifest, rows, was_migrated, settle(), since)


def _refuse_unfit(manifest: Manifest) -> None:
    if manifest.engine != connection.vendor:
        words = {"theirs": manifest.engine, "ours": connection.vendor}
        raise OtherEngine(
            _(
                "The archive is of a %(theirs)s database and this desk uses %(ours)s. Restore it "
                "into a desk whose DATABASE_URL is of the same kind."
            )
            % words
        )
    unknown = set(manifest.migrations) - _known_migrations()
    if unknown:
        raise NewerArchive(
            _("The archive is of a newer version of the desk (%s): update the desk first.")
            % min(unknown)
        )


def _known_migrations() -> set[str]:
    """What this version has, and what stands for several that it no longer has."""
    migrations = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    replaced = [each for one in migrations.values() for each in one.replaces]
    return {f"{app}.{name}" for app, name in [*migrations, *replaced]}


def _is_behind() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _refuse_used() -> None:
    if worker_runs():
        raise WorkerRuns(
            _(
                "The worker runs and would write meanwhile. Stop the desk first, or say --replace "
                "to restore beside it."
            )
        )
    if any(counting.live_rows().values()):
        raise HoldsData(_("The database holds data. --replace puts the archive in its place."))


def worker_runs() -> bool:
    try:
        touched = Path(settings.QIANMEN.home, "run", "worker.ready").stat().st_mtime
    except FileNotFoundError:
        return False
    return time.time() - touched < READY_FOR


def _put_files(path: Path, folder: Path, manifest: Manifest, progress: Progress) -> None:
    targets = stores()
    with opened(path) as members:
        for number, (name, file) in enumerate(members, 1):
            if name == DATABASE:
                with (folder / DATABASE).open("wb") as copy:
                    shutil.copyfileobj(file, copy)
            elif name != MANIFEST:
                _put(targets, name, file.read())
                progress("files", number, len(manifest.members))


def _put(targets: Mapping[str, MediaStore], name: str, content: bytes) -> None:
    folder = next(prefix for prefix in targets if name.startswith(prefix))
    try:
        targets[folder].put(name.removeprefix(folder), content)
    except OSError as error:
        words = {"file": name, "why": error}
        raise FilesFailed(_("%(file)s could not be kept: %(why)s") % words) from error
