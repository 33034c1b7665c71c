"""A supervisor of toys in a process of its own, for the tests that signal and kill it.

`python toy_supervisor.py HOME PORT`
"""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from deploy.demo import home as demo_home  # noqa: E402
from deploy.demo.progress import say  # noqa: E402
from deploy.demo.supervisor import Supervisor  # noqa: E402
from tests.deploy import toys  # noqa: E402


async def main(home: Path, port: int) -> None:
    stop, hurry = asyncio.Event(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    parts = [
        toys.server("server", port),
        toys.toucher("worker", home, after="server"),
        toys.stubborn_parent("parent", home),
    ]
    supervisor = Supervisor(parts, root=home, home=home, say=say)
    await supervisor.run(stop, hurry, lambda took: say("all ready"))


if __name__ == "__main__":
    with demo_home.take(Path(sys.argv[1]), "toys"):
        asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
