"""One running process of the demo: its group, its log, its pid file, and its end.

Each child leads a session of its own, so that Ctrl-C in the terminal reaches only the supervisor
and whatever a child starts can be ended with it. Linux tells a child when its supervisor dies; the
guard does the same elsewhere, and for what the child started.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from deploy.demo import guard as guard_script
from deploy.demo.parts import Part

_PR_SET_PDEATHSIG = 1
_POLL = 0.05


class Guard:
    """The process that takes the children down when the supervisor cannot."""

    def __init__(self, home: Path) -> None:
        self._lock = home / "run" / "guard.lock"
        self._groups: dict[int, Path] = {}
        self._process = self._start()

    def watch(self, group: int, pid_file: Path) -> None:
        self._groups[group] = pid_file
        self._tell(f"+ {group} {pid_file}")

    def forget(self, group: int) -> None:
        if self._groups.pop(group, None) is not None:
            self._tell(f"- {group}")

    def close(self) -> None:
        """Let it go; it ends what is still watched."""
        if self._process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()
        self._process.wait()

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(  # noqa: S603 - our own script
            [sys.executable, "-I", "-S", guard_script.__file__, str(self._lock)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            bufsize=1,
            start_new_session=True,
        )

    def _tell(self, line: str) -> None:
        if self._process.poll() is not None:  # somebody killed it: a new one learns everything
            self._process = self._start()
            lines = [f"+ {group} {pid_file}" for group, pid_file in self._groups.items()]
        else:
            lines = [line]
        assert self._process.stdin is not None
        self._process.stdin.write("".join(f"{each}\n" for each in lines))
        self._process.stdin.flush()


class Child:
    """A part that runs. Starting it has no `await`, so nothing can be started and lost."""

    def __init__(self, part: Part, *, root: Path, home: Path, guard: Guard) -> None:
        self.part = part
        self.log = home / "logs" / f"{part.name}.log"
        self._guard = guard
        self._pid_file = home / "run" / f"{part.name}.pid"
        (home / "run" / f"{part.name}.ready").unlink(missing_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - the plan's own commands
                part.command,
                cwd=root,
                env=dict(part.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with_parent(),
                user=part.user,
                group=_group_of(part.user),
                extra_groups=None if part.user is None else [],
            )
        self.pid = self._process.pid
        half = self._pid_file.with_suffix(".half")
        half.write_text(f"{self.pid}\n")
        half.replace(self._pid_file)  # nobody reads half a number
        guard.watch(self.pid, self._pid_file)

    async def wait(self) -> int:
        while (code := self._process.poll()) is None:
            await asyncio.sleep(_POLL)
        return code

    async def stop(self, hurry: asyncio.Event) -> None:
        """Ask it to end; end it when it does not, or at once when someone is in a hurry."""
        _send(self.pid, signal.SIGTERM)
        ended = asyncio.ensure_future(self.wait())
        hurried = asyncio.ensure_future(hurry.wait())
        await asyncio.wait(
            {ended, hurried}, timeout=self.part.grace, return_when=asyncio.FIRST_COMPLETED
        )
        hurried.cancel()
        _send(self.pid, signal.SIGKILL)
        await ended
        self.clear_away()

    def clear_away(self) -> None:
        """End what an ended process had started itself, and forget it."""
        _send(self.pid, signal.SIGKILL)
        self._pid_file.unlink(missing_ok=True)
        self._guard.forget(self.pid)


def describe_end(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"


def _send(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def _group_of(user: str | None) -> int | None:
    if user is None:
        return None
    import pwd

    return pwd.getpwnam(user).pw_gid


def _die_with_parent() -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def ask_the_kernel() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died before we could ask
            os._exit(1)

    return ask_the_kernel
