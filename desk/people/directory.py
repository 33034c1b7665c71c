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
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from actions.city_files import DEPARTMENTS
from desk.after_commit import once_after_commit
from desk.people.models import Department
from intake import department as reading


def departments() -> list[reading.Department]:
    """All of them, as `intake` compares them."""
    return [
        reading.Department(
            name=row.name,
            purpose=row.purpose,
            handles=tuple(row.handles),
            categories=tuple(row.categories),
        )
        for row in Department.objects.all()
    ]


def write_directory() -> None:
    home: Path = settings.QIANMEN.home
    home.mkdir(parents=True, exist_ok=True)
    beside = home / f".{DEPARTMENTS}.{os.getpid()}"
    beside.write_bytes(msgspec.json.encode(departments()))
    beside.replace(home / DEPARTMENTS)


@receiver([post_save, post_delete], sender=Department)
def on_change(**_kwargs: Any) -> None:
    once_after_commit(write_directory)
