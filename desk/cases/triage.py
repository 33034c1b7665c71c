"""Where what a city has taught lies, and the departments as the reader wants them."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError

from actions.city_files import TRIAGE
from desk.people.directory import departments
from intake.department import Directory
from intake.learned import Learned, NotAModel


def models_folder() -> Path:
    home: Path = settings.QIANMEN.home
    return home / TRIAGE


def learned() -> Learned:
    try:
        return Learned.load(models_folder())
    except NotAModel as error:
        raise CommandError(str(error)) from error


def directory() -> Directory:
    return Directory(departments())
