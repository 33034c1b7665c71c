"""`python -m benchmarks.edited`: a thousand random edits of knowledge while the indexer is killed
again and again; afterwards every answer is what is published.

On a SQLite of its own, or a PostgreSQL of its own with `--postgresql`; with `--elasticsearch URL`
on that index instead of the embedded one.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time

import click

from benchmarks.cases import quiet
from benchmarks.demo import free_ports
from benchmarks.postgresql import server
from benchmarks.table import Table

COLUMNS = ("deeds", "entries", "questions", "killed", "faults", "s")
LIVES = (3.0, 8.0)  # seconds until the indexer is killed; it needs two to begin
PATIENCE = 60.0  # seconds for the index to follow in the end


@click.command()
@click.option("--edits", default=1_000, help="How much is done.")
@click.option("--entries", default=60, help="To how many entries.")
@click.option("--seed", default=1)
@click.option("--postgresql", is_flag=True)
@click.option("--elasticsearch", default="", help="The address of an empty Elasticsearch.")
@click.option("--indexer", is_flag=True, hidden=True)
def main(
    edits: int, entries: int, seed: int, *, postgresql: bool, elasticsearch: str, indexer: bool
) -> None:
    """Edit, kill, ask, compare; ends with an error when there was a fault."""
    if indexer:
        _index_for_ever()
    with tempfile.TemporaryDirectory(prefix="qianmen-edits-") as home:
        _use(home, elasticsearch)
        if postgresql:
            with server(free_ports()["desk"]) as address:
                os.environ["DATABASE_URL"] = address
                faults = _run(edits, entries, seed)
        else:
            faults = _run(edits, entries, seed)
    sys.exit(1 if faults else 0)


def _use(home: str, elasticsearch: str) -> None:
    os.environ |= {
        "DATABASE_URL": "",
        "QIANMEN_HOME": home,
        "QIANMEN_ENV": "demo",
        "QIANMEN_ENCODER": "none",
        "ELASTICSEARCH_URL": elasticsearch,
        "REDIS_URL": "redis://127.0.0.1:1",  # nobody wakes the indexer
        "SECRET_KEY": "of the benchmark",
        "DJANGO_SETTINGS_MODULE": "desk.settings",
    }


def _run(edits: int, entries: int, seed: int) -> int:
    import django
    from django.core.management import call_command

    django.setup()
    quiet()
    call_command("migrate", verbosity=0)
    from desk.knowledge.indexer import compare, open_live_index

    compare(open_live_index())  # makes it
    from benchmarks.edits import Editors

    dice = random.Random(seed)  # noqa: S311
    editors, begun, killed, asked = Editors(dice), time.monotonic(), 0, 0
    child, kill_at = _start(), begun + dice.uniform(*LIVES)
    try:
        for number in range(edits):
            editors.act(entries)
            while dice.random() < 0.5:
                editors.look()
                asked += 1
            if child.poll() is not None:
                editors.faults.append(f"the indexer ended by itself after {number} deeds")
                child = _start()
            if time.monotonic() > kill_at:
                child.kill()
                child.wait()
                killed += 1
                child, kill_at = _start(), time.monotonic() + dice.uniform(*LIVES)
            if number % 100 == 99:
                click.echo(f"[edits] {number + 1}, {len(editors.faults)} faults", err=True)
        _settled()
    finally:
        child.kill()
        child.wait()
    editors.compare()
    table = Table("Edits under fire", COLUMNS)
    took = round(time.monotonic() - begun)
    table.add((edits, len(editors.accounts), asked, killed, len(editors.faults), took))
    click.echo(table.text())
    click.echo(", ".join(f"{name} {count}" for name, count in editors.done.most_common()))
    for fault in editors.faults[:20]:
        click.echo(fault)
    return len(editors.faults)


def _settled() -> None:
    """Until what is planned has happened and the index has followed."""
    from desk.knowledge.models import IndexTask

    time.sleep(5)
    give_up_at = time.monotonic() + PATIENCE
    while IndexTask.objects.exists() and time.monotonic() < give_up_at:
        time.sleep(0.2)


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "benchmarks.edited", "--indexer"])


def _index_for_ever() -> None:
    """What a worker does for knowledge, without a worker's lease: there is one of them."""
    import django
    from django.db import OperationalError

    django.setup()
    quiet()
    from django.utils import timezone

    from desk.knowledge.indexer import carry_out, compare, open_live_index
    from desk.knowledge.schedule import keep_schedule

    index = open_live_index()
    compare(index)
    while True:
        try:
            keep_schedule(timezone.now())
            while carry_out(index):
                pass
        except OperationalError:  # SQLite is busy
            continue
        time.sleep(0.05)


if __name__ == "__main__":
    main()
