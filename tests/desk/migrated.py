"""Migrating takes most of a short test run: the migrated SQLite file is kept for the next one."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from pathlib import Path

from django.apps import apps
from django.db import connections


def kept_file(root: Path) -> Path:
    """Where the file for exactly these migrations is kept."""
    digest = hashlib.sha256()
    for app in sorted(apps.get_app_configs(), key=lambda app: app.label):
        for file in sorted(Path(app.path, "migrations").glob("*.py")):
            digest.update(file.read_bytes())
    return root / ".pytest_cache" / "migrated" / f"{digest.hexdigest()[:16]}.sqlite3"


def test_file() -> Path | None:
    """The test database's file; None when it is not SQLite."""
    settings = connections["default"].settings_dict
    if settings["ENGINE"] != "django.db.backends.sqlite3":
        return None
    return Path(settings["TEST"]["NAME"])


def use_kept(root: Path) -> None:
    target = test_file()
    if target is not None and kept_file(root).is_file():
        shutil.copy(kept_file(root), target)


def keep(root: Path) -> None:
    source, kept = test_file(), kept_file(root)
    if source is None or kept.is_file():
        return
    kept.parent.mkdir(parents=True, exist_ok=True)
    half = kept.with_suffix(f".{source.parent.name}")
    with sqlite3.connect(source) as live, sqlite3.connect(half) as copy:
        live.backup(copy)
    live.close()
    copy.close()
    half.replace(kept)
