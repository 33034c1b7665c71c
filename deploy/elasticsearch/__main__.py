"""`python -m deploy.elasticsearch`: Elasticsearch in the foreground until Ctrl-C, for the tests."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import click

from deploy import surroundings
from deploy.demo import home, ports
from deploy.demo.progress import say
from deploy.demo.supervisor import Supervisor
from deploy.elasticsearch import CannotStart, part, port
from environment.settings import ROOT


@click.command()
def main() -> None:
    """Start it on QIANMEN_ELASTICSEARCH_PORT (9200), with its data under QIANMEN_HOME."""
    surroundings.prepare()
    qianmen_home = Path(os.environ["QIANMEN_HOME"])
    alone = qianmen_home / "elasticsearch-alone"  # a demo may run from the same home
    try:
        number = port(os.environ)
        with home.take(alone, f"http://127.0.0.1:{number}"):
            home.wait_for_leftovers(alone)
            busy = ports.Port(number, "QIANMEN_ELASTICSEARCH_PORT", "elasticsearch")
            if faults := ports.faults([busy]):
                raise click.ClickException(faults[0])
            asyncio.run(_run(qianmen_home, alone, number))
    except CannotStart as fault:
        raise click.ClickException(str(fault)) from None
    except home.AlreadyRunning as other:
        raise click.ClickException(f"Elasticsearch already runs from {alone} ({other})") from None


async def _run(qianmen_home: Path, alone: Path, number: int) -> None:
    stop, hurry = asyncio.Event(), asyncio.Event()
    for signal_number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(signal_number, stop.set)
    node = part(qianmen_home, os.environ)
    supervisor = Supervisor([node], root=ROOT, home=alone, say=say)
    address = f"http://127.0.0.1:{number}"
    await supervisor.run(stop, hurry, lambda took: say(f"Elasticsearch is ready: {address}"))


if __name__ == "__main__":
    main()
