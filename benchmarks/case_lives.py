"""`python -m benchmarks.case_lives`: thousands of random lives of cases, then a year of rounds by
two supervisors of which one is killed again and again; every rate counted once more from events.

On a SQLite of its own, or on a PostgreSQL of its own with `--postgresql`.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import click

from benchmarks.cases import quiet
from benchmarks.demo import free_ports
from benchmarks.postgresql import server
from benchmarks.table import Table

FIRST = date(2026, 1, 5)
COLUMNS = ("lives", "steps taken", "refused", "rates compared", "doubled", "faults", "s")


@click.command()
@click.option("--lives", default=1_000, help="How many cases live.")
@click.option("--seed", default=1)
@click.option("--postgresql", is_flag=True)
def main(lives: int, seed: int, *, postgresql: bool) -> None:
    """Live, supervise, compare; ends with an error when there was a fault."""
    with tempfile.TemporaryDirectory(prefix="qianmen-lives-") as home:
        if postgresql:
            with server(free_ports()["desk"]) as address:
                faults = _run(Path(home), address, lives, seed)
        else:
            faults = _run(Path(home), "", lives, seed)
    sys.exit(1 if faults else 0)


def _run(home: Path, address: str, lives: int, seed: int) -> int:
    os.environ |= {
        "DATABASE_URL": address,
        "QIANMEN_HOME": str(home),
        "QIANMEN_ENV": "demo",
        "QIANMEN_ENCODER": "none",
        "SECRET_KEY": "of the benchmark",
        "DJANGO_SETTINGS_MODULE": "desk.settings",
    }
    import django
    from django.core.management import call_command

    django.setup()
    quiet()
    call_command("migrate", verbosity=0)
    from benchmarks.lives import Told, World, compare, doubled, live
    from desk.workdays.calendar import current

    dice, told, world = random.Random(seed), Told(), World()  # noqa: S311
    begun = time.monotonic()
    for number in range(lives):
        live(world, dice, told, FIRST + timedelta(days=number * 300 // lives))
        if number % 500 == 499:
            click.echo(f"[lives] {number + 1}, {len(told.faults)} faults", err=True)
    _two_supervisors(FIRST + timedelta(days=330))
    compared = compare(told, current())
    twice = doubled()
    table = Table("Lives of cases", COLUMNS)
    table.add(
        (
            lives,
            sum(told.taken.values()),
            told.refused,
            compared,
            len(twice),
            len(told.faults),
            round(time.monotonic() - begun),
        )
    )
    click.echo(table.text())
    click.echo(", ".join(f"{name} {count}" for name, count in told.taken.most_common()))
    for fault in [*told.faults, *twice][:20]:
        click.echo(fault)
    return len(told.faults) + len(twice)


def _two_supervisors(until: date) -> None:
    """Rounds over the whole year at once, by two processes; one is killed in the middle."""
    from desk.cases.models import Case
    from desk.supervision.rounds import supervise

    Case.objects.filter(act_at__isnull=False).update(act_at=f"{FIRST}T00:00:00+08:00")
    command = [sys.executable, "-m", "desk.manage", "supervise", "--at", f"{until}T09:00"]
    for _round in range(3):
        one, two = (subprocess.Popen(command) for _ in range(2))  # noqa: S603
        time.sleep(2.5)
        one.kill()
        one.wait()
        two.wait()
    from desk.cases.deadlines import at_hour

    supervise(at_hour(until, 9))


if __name__ == "__main__":
    main()
