"""The departments as the bot reads them: a file under QIANMEN_HOME, written when they change.

The bot reads nothing of the database; a file is swapped whole, so that it reads the old one or
the new one.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from desk.people.models import Department


def directory_file() -> Path:
    home: Path = settings.QIANMEN.home
    return home / "departments.json"


def write_directory() -> None:
    rows = [
        {
            "name": row.name,
            "purpose": row.purpose,
            "handles": row.handles,
            "categories": row.categories,
        }
        for row in Department.objects.all()
    ]
    path = directory_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(msgspec.json.encode(rows))
    beside.replace(path)


@receiver([post_save, post_delete], sender=Department)
def on_change(**_kwargs: Any) -> None:
    waiting = [hook[1] for hook in transaction.get_connection().run_on_commit]
    if write_directory not in waiting:
        transaction.on_commit(write_directory)
