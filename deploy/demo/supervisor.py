"""Starts the parts in order of readiness, starts again what dies, and takes all down at the end."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from deploy.demo import home as demo_home
from deploy.demo.parts import Part, in_waves
from deploy.demo.process import Child, Guard, describe_end

Say = Callable[[str], None]

STEADY = 20.0  # who lived that long is started again at once
PAUSES = (0.1, 0.5, 1.0, 5.0, 15.0, 30.0)  # after the first, second, … death in a row
HOPELESS = 3  # deaths in a row; the others then go on without a part that is not needed
SLOW = 90.0  # then it is worth a line that a part does not answer
_ASK = 0.1


class Supervisor:
    """Runs the parts of one demo until `stop` is set."""

    def __init__(self, parts: Iterable[Part], *, root: Path, home: Path, say: Say) -> None:
        self._parts = list(parts)
        self._waves = in_waves(self._parts)
        self._root = root
        self._home = home
        self._say = say
        self._guard = Guard(home)
        self._children: dict[str, Child] = {}
        self._seen_alive: set[str] = set()
        self._settled = {part.name: asyncio.Event() for part in self._parts}
        self._began = time.monotonic()

    async def run(self, stop: asyncio.Event, hurry: asyncio.Event, ready: Say) -> None:
        """Keep everything running; `ready` is called once, with the time it took."""
        tasks = [asyncio.create_task(self._keep(part)) for part in self._parts]
        tasks.append(asyncio.create_task(self._greet(ready)))
        tasks.append(asyncio.create_task(self._trim_logs()))
        stopped = asyncio.create_task(stop.wait())
        try:
            # A task of ours only ends by a fault, `_greet` excepted.
            watched = {stopped, *tasks}
            while not stopped.done():
                done, watched = await asyncio.wait(watched, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
        finally:
            for task in (stopped, *tasks):
                task.cancel()
            await asyncio.gather(stopped, *tasks, return_exceptions=True)
            await self._stop_all(hurry)
            self._guard.close()

    async def _keep(self, part: Part) -> None:
        """Start a part when its turn has come, and again whenever it ends."""
        for name in part.after:
            await self._settled[name].wait()
        deaths = 0
        while True:
            started = time.monotonic()
            child = Child(part, root=self._root, home=self._home, guard=self._guard)
            self._children[part.name] = child
            announcing = asyncio.create_task(self._announce(part, child, started))
            try:
                code = await child.wait()
            finally:
                announcing.cancel()
            child.clear_away()
            deaths = 1 if time.monotonic() - started > STEADY else deaths + 1
            if deaths >= HOPELESS and not part.needed:
                self._settled[part.name].set()
            pause = PAUSES[min(deaths, len(PAUSES)) - 1]
            self._say(
                f"{part.name} {describe_end(code)}; starting it again in {pause:g} s. "
                f"Its log: {child.log}"
            )
            await asyncio.sleep(pause)

    async def _announce(self, part: Part, child: Child, started: float) -> None:
        """Say when it answers, and when it takes long to."""
        slow = False
        while not await part.alive():
            if not slow and time.monotonic() - started > SLOW:
                slow = True
                self._say(f"{part.name} does not answer yet. Its log: {child.log}")
            await asyncio.sleep(_ASK)
        again = " again" if part.name in self._seen_alive else ""
        self._say(f"{part.name:<14} ready{again} after {time.monotonic() - started:.1f} s")
        self._seen_alive.add(part.name)
        self._settled[part.name].set()

    async def _greet(self, ready: Say) -> None:
        for settled in self._settled.values():
            await settled.wait()
        asked = time.monotonic()
        slow = False
        waiting = [part for part in self._parts if part.ready is not None]
        while waiting:
            waiting = [part for part in waiting if part.ready and not await part.ready()]
            if waiting and not slow and time.monotonic() - asked > SLOW:
                slow = True
                names = ", ".join(part.name for part in waiting)
                self._say(f"not all that {names} needs is there: see /readyz")
            if waiting:
                await asyncio.sleep(_ASK)
        ready(f"{time.monotonic() - self._began:.1f} s")

    async def _trim_logs(self) -> None:
        while True:
            await asyncio.sleep(60)
            with contextlib.suppress(FileNotFoundError):
                demo_home.trim_logs(self._home)

    async def _stop_all(self, hurry: asyncio.Event) -> None:
        """Last started, first ended: nobody loses what it needs to end well."""
        for wave in reversed(self._waves):
            children = [self._children[part.name] for part in wave if part.name in self._children]
            await asyncio.gather(*(child.stop(hurry) for child in children))
