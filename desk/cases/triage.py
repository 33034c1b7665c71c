"""Where what a city has taught lies, and the departments as the reader wants them."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError

from desk.people.models import Department as Row
from intake.department import Department, Directory
from intake.learned import Learned, NotAModel


def models_folder() -> Path:
    home: Path = settings.QIANMEN.home
    return home / "triage"


def learned() -> Learned:
    try:
        return Learned.load(models_folder())
    except NotAModel as error:
        raise CommandError(str(error)) from error


def directory() -> Directory:
    return Directory(
        Department(
            name=row.name,
            purpose=row.purpose,
            handles=tuple(row.handles),
            categories=tuple(row.categories),
        )
        for row in Row.objects.all()
    )
