"""`python -m desk.setup`: database, translations, static files and, in the demo, the city.

Safe to repeat; each step says what it does.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from io import StringIO

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "desk.settings")
    from environment.logs import configure_logs
    from environment.settings import read_settings

    settings = read_settings()
    # Nothing runs yet: that nobody could be woken is as it should be.
    configure_logs(settings.log, logging.ERROR)
    steps: list[tuple[str, Callable[[], object]]] = [
        ("translations", _compile_translations),
        ("database", _migrate),
        ("static files", _collect_static),
        ("roles and departments", _prepare_people),
    ]
    if settings.is_demo:
        steps.append(("the demo city", _seed))
    for number, (name, step) in enumerate(steps, 1):
        started = time.monotonic()
        print(f"[desk] {number}/{len(steps)} {name} …", end="", flush=True)
        if number == 2:
            django.setup()
        step()
        print(f" {time.monotonic() - started:.1f} s", flush=True)


def _compile_translations() -> None:
    """Compile .po to .mo with Babel: msgfmt is not on every machine."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    from environment.settings import ROOT

    for source in (ROOT / "desk" / "locale").glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as text:
            catalog = read_po(text, locale="zh_Hans_CN")
        with target.open("wb") as binary:
            write_mo(binary, catalog)


def _migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def _collect_static() -> None:
    from django.core.management import call_command

    call_command("collectstatic", verbosity=0, interactive=False, stdout=StringIO())


def _prepare_people() -> None:
    from desk.people.directory import write_directory
    from desk.people.roles import prepare_groups

    prepare_groups()
    write_directory()


def _seed() -> None:
    from desk.demo.seeding import seed

    seed()


if __name__ == "__main__":
    main()
